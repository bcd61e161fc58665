import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { BoostingMemory } from '../boosting-memory.js';
import { type Phase, PHASE, PhaseWorker } from '../phases/phase-worker.js';
import { sharedArray } from '../shared-array.js';
import { type CrewOrder, STATE, takeTasks } from './crew-state.js';

const MEMBER = new URL('./crew-member.js', import.meta.url);
/** Far more than any phase takes. */
const PATIENCE_MILLISECONDS = 600_000;

/** How many threads there can be: one where a test runner transpiles the sources in memory. */
export const usableThreads = (threads: number): number => (existsSync(MEMBER) ? threads : 1);

/** This thread and its helpers: they do a phase together, and a phase begins when all have done the one before. */
export class Crew {
  private readonly state = sharedArray(Int32Array, STATE.length);
  private readonly own: PhaseWorker;
  private readonly helpers: readonly Worker[];
  private readonly started: Promise<unknown>;

  constructor(memory: BoostingMemory) {
    this.own = new PhaseWorker(memory, 0);
    this.helpers = Array.from({ length: memory.threads - 1 }, (_, i) => {
      const workerData: CrewOrder = { memory, state: this.state, thread: i + 1 };
      return new Worker(MEMBER, { workerData, execArgv: [] });
    });
    this.started = Promise.all(this.helpers.map((helper) => once(helper, 'message')));
    // Reported by `ready`, which may be called later.
    this.started.catch(() => undefined);
  }

  /** @throws what a helper could not start for */
  async ready(): Promise<void> {
    await this.started;
  }

  /**
   * Blocks until all tasks are done.
   *
   * @param size nodes in the batch
   * @param output the margin that the tree adds to
   */
  run(phase: Phase, tasks: number, size: number, output: number): void {
    const { state, own, helpers } = this;
    state[STATE.phase] = phase;
    state[STATE.tasks] = tasks;
    state[STATE.size] = size;
    state[STATE.output] = output;
    Atomics.store(state, STATE.next, 0);
    const called = tasks > 1 ? helpers.length : 0;
    if (called > 0) {
      Atomics.store(state, STATE.busy, called);
      Atomics.add(state, STATE.generation, 1);
      Atomics.notify(state, STATE.generation);
    }
    takeTasks(own, state);
    for (let busy = called; busy > 0; busy = Atomics.load(state, STATE.busy)) {
      if (Atomics.wait(state, STATE.busy, busy, PATIENCE_MILLISECONDS) === 'timed-out') {
        throw new Error('A thread of the training does not answer.');
      }
    }
  }

  async end(): Promise<void> {
    this.state[STATE.phase] = PHASE.end;
    Atomics.add(this.state, STATE.generation, 1);
    Atomics.notify(this.state, STATE.generation);
    await Promise.all(this.helpers.map((helper) => helper.terminate()));
  }
}
