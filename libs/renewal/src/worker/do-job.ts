import type { Rollout } from '#bundle';
import { UserError } from '#kit';
import type { Job, TakenJob, TrainingOutcome } from '../jobs/job-queue.js';
import { startRollout } from '../rollout/start-rollout.js';
import { awaitedSignature, isWelcome } from './begin-signed.js';
import type { TrainingTable } from '../training-data/training-table.js';

const HEARTBEAT_MILLISECONDS = 5_000;

/**
 * Trains a model, on `table` instead of that of its file where given.
 *
 * @throws UserError where the training fails
 */
export type Trainer = (model: string, signal: AbortSignal, table?: string) => Promise<TrainingOutcome>;

export interface JobOptions {
  readonly models: Parameters<typeof startRollout>[0];
  readonly steps: readonly number[];
  readonly mode: Rollout['mode'];
  /** Creates the training table. */
  readonly table: (job: Job, signal: AbortSignal) => Promise<TrainingTable>;
  readonly train: Trainer;
  /** Stops the training and queues the job again. */
  readonly signal: AbortSignal;
  readonly heartbeatMilliseconds?: number;
}

/** The result of a job. */
export type JobEnd = Pick<Job, 'result' | 'failure'>;

/** Starts the rollout of a version that passed the gate, or says why it does not begin now. */
async function rollOut(
  { model, trigger }: Job,
  result: TrainingOutcome,
  { models, steps, mode }: JobOptions,
): Promise<JobEnd> {
  const { outcome, version } = result;
  if (outcome !== 'passed' || version === null) return { result };
  try {
    if (!(await isWelcome(models, model, version))) {
      return { result: { ...result, reasons: [awaitedSignature(model, version)] } };
    }
    await startRollout(models, model, { version, steps, mode }, trigger.reason);
    return { result };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { result, failure: `No rollout could begin: ${error.message}` };
  }
}

/**
 * Runs a job: trains while sending heartbeats, and starts the rollout of a version that passed the gate, unless it must be signed
 * first. Where the job is lost, the training stops and no rollout begins; where the worker is shut down, the job is queued again.
 *
 * @returns undefined where the job was lost, cancelled or queued again
 */
export async function doJob(taken: TakenJob, options: JobOptions): Promise<JobEnd | undefined> {
  const { model } = taken.job;
  const lost = new AbortController();
  let isBeating = false;
  const beat = setInterval(() => {
    // On a slow volume, heartbeats must not overlap.
    if (isBeating) return;
    isBeating = true;
    void taken
      .heartbeat()
      .then(
        (isOwn) => {
          if (!isOwn) lost.abort(new Error('The job is somebody else’s'));
        },
        () => undefined,
      )
      .finally(() => (isBeating = false));
  }, options.heartbeatMilliseconds ?? HEARTBEAT_MILLISECONDS);
  let end: JobEnd;
  const signal = AbortSignal.any([lost.signal, options.signal]);
  try {
    const { path, log } = await options.table(taken.job, signal);
    if (!(await taken.heartbeat(log))) return undefined;
    end = { result: await options.train(model, signal, path) };
  } catch (error) {
    if (options.signal.aborted) await taken.giveBack();
    if (signal.aborted) return undefined;
    if (!(error instanceof UserError)) throw error;
    end = { failure: error.message };
  } finally {
    clearInterval(beat);
  }
  if (!(await taken.heartbeat())) return undefined;
  if (end.result) end = await rollOut(taken.job, end.result, options);
  return (await taken.end(end)) ? end : undefined;
}
