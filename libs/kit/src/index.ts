export { openRegularFile, readRegularFile, readRegularFileSync, UnreadableFileError } from './regular-file.js';
