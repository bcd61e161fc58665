import type { Worker } from 'node:worker_threads';
import type { Arena } from '../arena.js';
import type { BoostingMemory } from '../boosting-memory.js';
import { type Phase, type PhaseWork, phaseWork } from '../phases/phase-work.js';
import { type HelperData, openPhase, STATE, takeTasks, waitWhile } from './pool-state.js';

/** Far longer than any phase. */
const PATIENCE_MILLISECONDS = 600_000;

/**
 * This thread and its helpers run one phase together; the next begins when all its tasks are done. A helper that has
 * not started yet, or that gets no CPU, is not waited for.
 */
export class ThreadPool {
  private readonly state: Int32Array;
  private readonly own: PhaseWork;
  private failure: Error | undefined;

  constructor(
    arena: Arena,
    memory: BoostingMemory,
    private readonly helpers: readonly Worker[],
  ) {
    this.state = arena.array(Int32Array, STATE.length);
    this.own = phaseWork(memory, 0);
    helpers.forEach((helper, i) => {
      helper.once('error', (error: Error) => (this.failure = error));
      helper.postMessage({ memory, state: this.state, thread: i + 1 } satisfies HelperData);
    });
  }

  /**
   * Blocks until all tasks are done.
   *
   * @param size nodes in the batch
   * @param output the margin that the tree adds to
   * @throws the error of a helper
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

  private call(): void {
    Atomics.add(this.state, STATE.calls, 1);
    if (Atomics.load(this.state, STATE.sleepingHelpers) > 0) Atomics.notify(this.state, STATE.calls);
  }
}
