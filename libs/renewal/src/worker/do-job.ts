import type { Rollout } from '#bundle';
import { UserError } from '#kit';
import type { Job, TakenJob, TrainingOutcome } from '../jobs/job-queue.js';
import { startRollout } from '../rollout/start-rollout.js';
import { awaitedSignature, isWelcome } from './begin-signed.js';
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

/** What follows a training: the rollout of what passed the gate, or why none begins now. */
async function rolledOut(
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
 * Does a job: trains, says meanwhile that it lives, and begins the rollout of what passed the gate, if it need not be signed first.
 * Where it has lost the job, the training is ended and nothing begins; where the worker is stopped, the job is queued again.
 */
export async function doJob(taken: TakenJob, options: JobOptions): Promise<JobEnd | undefined> {
  const { model } = taken.job;
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
  if (end.result) end = await rolledOut(taken.job, end.result, options);
  return (await taken.end(end)) ? end : undefined;
}
