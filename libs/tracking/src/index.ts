export { proxiedPath } from './mlflow/artifact-root.js';
export { ARTIFACTS_PATH, MlflowClient } from './mlflow/mlflow-client.js';
export { MlflowError } from './mlflow/mlflow.error.js';
export { writeMlflowModel } from './model/write-mlflow-model.js';
export type { PushReport } from './push/push-report.js';
export { pruneRuns } from './prune/prune-runs.js';
export { Run } from './run.js';
export { Tracker } from './tracker.js';
export { withPatience } from './tracking.options.js';
