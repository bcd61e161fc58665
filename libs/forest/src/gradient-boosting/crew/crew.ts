import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { THREAD_OPTIONS } from '../../thread-options.js';
import type { BoostingMemory } from '../boosting-memory.js';
import { type Phase, PhaseWorker } from '../phases/phase-worker.js';
import { sharedArray } from '../shared-array.js';
import { type CrewOrder, openPhase, STATE, takeTasks, waitWhile } from './crew-state.js';

const MEMBER = new URL('./crew-member.js', import.meta.url);
/** Far more than any phase takes. */
const PATIENCE_MILLISECONDS = 600_000;
/** Rows times features times trees that pay for starting threads: about 0.1 s of work. */
const WORTH_THREADS = 10_000_000;

/** Whether the compiled member lies beside this file: not so where a test runner transpiles the sources in memory. */
export const hasMembers = (): boolean => existsSync(MEMBER);

/** How many threads to use for that much work, of as many as allowed. */
export const usefulThreads = (work: number, threads: number): number =>
  hasMembers() && work >= WORTH_THREADS ? threads : 1;

/**
 * This thread and its helpers: they do a phase together, and the next begins when all its tasks are done. A helper that
 * has not started yet, or that other processes keep from running, is not waited for.
 */
export class Crew {
  private readonly state = sharedArray(Int32Array, STATE.length);
  private readonly own: PhaseWorker;
  private readonly helpers: readonly Worker[];
  private failure: Error | undefined;

  constructor(memory: BoostingMemory) {
    this.own = new PhaseWorker(memory, 0);
    this.helpers = Array.from({ length: memory.threads - 1 }, (_, i) => {
      const workerData: CrewOrder = { memory, state: this.state, thread: i + 1 };
      const helper = new Worker(MEMBER, { workerData, ...THREAD_OPTIONS });
      return helper.once('error', (error: Error) => (this.failure = error));
    });
  }

  /**
   * Blocks until all tasks are done.
   *
   * @param size nodes in the batch
   * @param output the margin that the tree adds to
   * @throws what a helper failed of
   */
  run(phase: Phase, tasks: number, size: number, output: number): void {
    const { state, own, helpers } = this;
    if (this.failure) throw this.failure;
    openPhase(state, phase, tasks, size, output);
    if (helpers.length > 0 && tasks > 1) this.call();
    takeTasks(own, state);
    for (let done = Atomics.load(state, STATE.done); done < tasks; done = Atomics.load(state, STATE.done)) {
      if (!waitWhile(state, STATE.done, done, STATE.sleepingFirst, PATIENCE_MILLISECONDS)) {
        throw new Error('A thread of the training does not answer.');
      }
    }
  }

  async end(): Promise<void> {
    Atomics.store(this.state, STATE.ended, 1);
    this.call();
    await Promise.all(this.helpers.map((helper) => helper.terminate()));
  }

  private call(): void {
    Atomics.add(this.state, STATE.calls, 1);
    if (Atomics.load(this.state, STATE.sleepingHelpers) > 0) Atomics.notify(this.state, STATE.calls);
  }
}
