export { columnOf, countsOf, gapsOf, LATENCY_BINS, latencyBin, shadowOf } from './guards/stage-counts.js';
export { renewalReport } from './report/renewal-report.js';
export { FileQueue } from './jobs/file-queue.js';
export { replayLog } from './replay/replay-log.js';
export { type RolloutStatus, rolloutText } from './rollout/describe-rollout.js';
export {
  ROLLOUT_ACTIONS,
  type RolloutAction,
  RolloutInProgressError,
  RolloutStateError,
} from './rollout/rollout-events.js';
export { pruneModel, type PruneOptions } from './rollout/prune-model.js';
export { rolloutStatus } from './rollout/rollout-status.js';
export { FROM_SOURCE, Rollouts } from './rollout/rollouts.js';
export { startAsSet, startRollout } from './rollout/start-rollout.js';
export { trainingTable } from './training-data/training-table.js';
export { dueTrigger } from './triggers/due-trigger.js';
export { beginSigned } from './worker/begin-signed.js';
export { doJob, type Trainer } from './worker/do-job.js';
export { tendRollout } from './worker/tend.js';
