export { openRegularFile, readRegularFile, readRegularFileSync, UnreadableFileError } from './regular-file.js';
export { ChildTaskError } from './child-task.error.js';
export { ChildTasks, type TaskRunner } from './child-task.js';
export { serveTasks } from './serve-tasks.js';
