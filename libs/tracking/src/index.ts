export type { Metric } from './metric.js';
export { type MlflowModel, type TensorSpec, writeMlflowModel } from './model/write-mlflow-model.js';
export type { PushReport } from './push/push-report.js';
export type { Dataset, RunStatus } from './records.js';
export type { Run } from './run.js';
export { tryLock } from './store/process-lock.js';
export { Tracker } from './tracker.js';
export { TrackingError } from './tracking.error.js';
export type { TrackerOptions } from './tracking.options.js';
