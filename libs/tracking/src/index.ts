export { writeMlflowModel } from './model/write-mlflow-model.js';
export type { PushReport } from './push/push-report.js';
export { Run } from './run.js';
export { Tracker } from './tracker.js';
export { TrackingError } from './tracking.error.js';
