import type { BoostingMemory } from '../boosting-memory.js';
import type { Phase, PhaseWork } from '../phases/phase-work.js';

/** Indices into the shared state. */
export const STATE = {
  calls: 0,
  ticket: 1,
  done: 2,
  phase: 3,
  tasks: 4,
  size: 5,
  output: 6,
  /** Sleeping helpers, and whether the first thread sleeps: waking takes a system call, made only where needed. */
  sleepingHelpers: 7,
  sleepingFirst: 8,
  length: 9,
} as const;

/** A ticket holds the phase's number, and in these lowest bits the next task's; all ones: no task is available. */
const TASK_BITS = 12;
const TASK_MASK = (1 << TASK_BITS) - 1;

/** The start message of a helper. */
export interface HelperData {
  readonly memory: BoostingMemory;
  readonly state: Int32Array;
  readonly thread: number;
}

/** Opens a phase. No task of the previous one is left, and no ticket is available while the fields change. */
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

/** Takes and runs tasks of the phase until none is left. */
export function takeTasks(work: PhaseWork, state: Int32Array): void {
  for (let ticket = Atomics.load(state, STATE.ticket); ; ticket = Atomics.load(state, STATE.ticket)) {
    const task = ticket & TASK_MASK;
    const tasks = state[STATE.tasks];
    const phase = state[STATE.phase] as Phase;
    const [size, output] = [state[STATE.size], state[STATE.output]];
    if (task >= tasks) return;
    // Succeeds only if the ticket is unchanged: then the values read belong to its phase.
    if (Atomics.compareExchange(state, STATE.ticket, ticket, ticket + 1) !== ticket) continue;
    work[phase](task, size, output);
    const isLast = Atomics.add(state, STATE.done, 1) + 1 === tasks;
    if (isLast && Atomics.load(state, STATE.sleepingFirst) > 0) Atomics.notify(state, STATE.done);
  }
}

/** Spins before a thread sleeps: about 40 microseconds, as the gap between two phases of small nodes. */
const SPINS = 16_000;

/**
 * Waits until a number changes.
 *
 * @param sleeping index of the count of sleeping threads; if there are any, the thread that changes the number wakes
 *   them
 * @returns false on timeout
 */
export function waitWhile(
  state: Int32Array,
  at: number,
  was: number,
  sleeping: number,
  milliseconds = Infinity,
): boolean {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(state, at) !== was) return true;
  Atomics.add(state, sleeping, 1);
  const outcome = Atomics.wait(state, at, was, milliseconds);
  Atomics.sub(state, sleeping, 1);
  return outcome !== 'timed-out';
}
