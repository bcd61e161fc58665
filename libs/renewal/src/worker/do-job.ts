import type { Rollout } from '#bundle';
import { UserError } from '#kit';
import type { Job, TakenJob, TrainingOutcome } from '../jobs/job-queue.js';
import { startRollout } from '../rollout/start-rollout.js';
import type { TrainingTable } from '../training-data/training-table.js';

/** How often a worker says that it lives. */
const HEARTBEAT_MILLISECONDS = 5_000;

/**
 * Trains a model, on another table than that of its file where one is named.
 *
 * @returns what came of it
 * @throws UserError in a sentence where nothing did
 */
export type Trainer = (model: string, signal: AbortSignal, table?: string) => Promise<TrainingOutcome>;

export interface JobOptions {
  readonly models: Parameters<typeof startRollout>[0];
  readonly steps: readonly number[];
  readonly mode: Rollout['mode'];
  /** Makes what it trains on. */
  readonly table: (job: Job, signal: AbortSignal) => Promise<TrainingTable>;
  readonly train: Trainer;
  /** Ends the training; somebody else may begin it again. */
  readonly signal: AbortSignal;
  readonly heartbeatMilliseconds?: number;
}

/** What became of a job: nothing, where it was lost or cancelled meanwhile. */
export type JobEnd = Pick<Job, 'result' | 'failure'>;

/**
 * Does a job: trains, says meanwhile that it lives, and begins the rollout of what passed the gate. Where it has lost the job, the training
 * is ended and nothing begins; where the worker is stopped, the job is queued again.
 */
export async function doJob(taken: TakenJob, options: JobOptions): Promise<JobEnd | undefined> {
  const { model, trigger } = taken.job;
  const lost = new AbortController();
  let isBeating = false;
  const beat = setInterval(() => {
    // A slow volume is not asked faster than it answers.
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
  const { result } = end;
  if (result?.outcome === 'passed' && result.version !== null) {
    const { models, steps, mode } = options;
    const begun = await startRollout(models, model, { version: result.version, steps, mode }, trigger.reason).catch(
      (error: unknown) => {
        if (!(error instanceof Error)) throw error;
        return error;
      },
    );
    if (begun instanceof Error) end = { result, failure: `No rollout could begin: ${begun.message}` };
  }
  return (await taken.end(end)) ? end : undefined;
}
