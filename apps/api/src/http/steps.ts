import { setImmediate as turn } from 'node:timers/promises';

/** Work that pauses after each step, within a millisecond, so that it is done at once or with turns of the event loop. */
export type Steps<T> = Generator<void, T>;

/** Values that any loop over them is done with in one step. */
const VALUES_PER_STEP = 8_192;

/** Does something with `count` values, some at a time. */
export function* eachSlice(count: number, work: (from: number, to: number) => void): Steps<void> {
  for (let from = 0; from < count; from += VALUES_PER_STEP) {
    if (from > 0) yield;
    work(from, Math.min(count, from + VALUES_PER_STEP));
  }
}

export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Work of a single step takes no turn. */
export async function inSteps<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await turn();
  }
}
