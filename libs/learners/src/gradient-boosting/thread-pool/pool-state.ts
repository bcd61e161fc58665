import type { BoostingMemory } from '../boosting-memory.js';
import type { Phase, PhaseWork } from '../phases/phase-work.js';

/** Places in the numbers that threads agree by. */
export const STATE = {
  calls: 0,
  ticket: 1,
  done: 2,
  phase: 3,
  tasks: 4,
  size: 5,
  output: 6,
  /** Helpers that sleep, and whether the first thread does: nobody else has to be woken, which takes a system call. */
  sleepingHelpers: 7,
  sleepingFirst: 8,
  length: 9,
} as const;

/** A ticket is the number of the phase, and in these lowest bits that of the next task; all ones: none is given out. */
const TASK_BITS = 12;
const TASK_MASK = (1 << TASK_BITS) - 1;

/** What a helper is started with. */
export interface HelperData {
  readonly memory: BoostingMemory;
  readonly state: Int32Array;
  readonly thread: number;
}

/** Opens a phase. No task of the one before is left, and no ticket is given out while the numbers below change. */
export function openPhase(state: Int32Array, phase: Phase, tasks: number, size: number, output: number): void {
  const number = (Atomics.load(state, STATE.ticket) >> TASK_BITS) + 1;
  Atomics.store(state, STATE.ticket, (number << TASK_BITS) | TASK_MASK);
  state[STATE.phase] = phase;
  state[STATE.tasks] = tasks;
  state[STATE.size] = size;
  state[STATE.output] = output;
  Atomics.store(state, STATE.done, 0);
  Atomics.store(state, STATE.ticket, (number + 1) << TASK_BITS);
}

/** Does the phase's next task that nobody has taken until there is none. */
export function takeTasks(work: PhaseWork, state: Int32Array): void {
  for (let ticket = Atomics.load(state, STATE.ticket); ; ticket = Atomics.load(state, STATE.ticket)) {
    const task = ticket & TASK_MASK;
    const tasks = state[STATE.tasks];
    const phase = state[STATE.phase] as Phase;
    const [size, output] = [state[STATE.size], state[STATE.output]];
    if (task >= tasks) return;
    // Succeeds only where the ticket is still the same: then what was read belongs to its phase.
    if (Atomics.compareExchange(state, STATE.ticket, ticket, ticket + 1) !== ticket) continue;
    work[phase](task, size, output);
    const isLast = Atomics.add(state, STATE.done, 1) + 1 === tasks;
    if (isLast && Atomics.load(state, STATE.sleepingFirst) > 0) Atomics.notify(state, STATE.done);
  }
}

/** Looks so often before it sleeps: about 40 microseconds, as long as the first thread takes between two phases of small nodes. */
const LOOKS = 16_000;

/**
 * Waits until a number is another one than it was.
 *
 * @param sleeping where those who sleep are counted; whoever changes the number wakes them if there are any
 * @returns false when it took too long
 */
export function waitWhile(
  state: Int32Array,
  at: number,
  was: number,
  sleeping: number,
  milliseconds = Infinity,
): boolean {
  for (let look = 0; look < LOOKS; look++) if (Atomics.load(state, at) !== was) return true;
  Atomics.add(state, sleeping, 1);
  const outcome = Atomics.wait(state, at, was, milliseconds);
  Atomics.sub(state, sleeping, 1);
  return outcome !== 'timed-out';
}
