export { openRegularFile, readRegularFile, readRegularFileSync, UnreadableFileError } from './regular-file.js';
export { ChildTaskError, ChildTasks, type TaskRunner } from './child-task.js';
