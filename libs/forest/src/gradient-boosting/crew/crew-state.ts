import type { BoostingMemory } from '../boosting-memory.js';
import type { PhaseWorker } from '../phases/phase-worker.js';
import { type Phase } from '../phases/phase-worker.js';

/** Places in the numbers that threads agree by. */
export const STATE = { generation: 0, busy: 1, phase: 2, tasks: 3, next: 4, size: 5, output: 6, length: 7 } as const;

/** What a crew's thread is started with. */
export interface CrewOrder {
  readonly memory: BoostingMemory;
  readonly state: Int32Array;
  readonly thread: number;
}

/** Takes the phase's next task that nobody has until there is none. */
export function takeTasks(worker: PhaseWorker, state: Int32Array): void {
  const phase = state[STATE.phase] as Phase;
  const [tasks, size, output] = [state[STATE.tasks], state[STATE.size], state[STATE.output]];
  for (let task = Atomics.add(state, STATE.next, 1); task < tasks; task = Atomics.add(state, STATE.next, 1)) {
    worker.work(phase, task, size, output);
  }
}
