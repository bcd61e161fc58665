import { setImmediate as turn } from 'node:timers/promises';

/** Work in steps of less than a millisecond, which can run at once or with turns of the event loop in between. */
export type Steps<T> = Generator<void, T>;

/** Values that any loop can process in one step. */
const VALUES_PER_STEP = 8_192;

/** Processes `count` values in slices. */
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

/** Work of a single step does not yield. */
export async function inSteps<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await turn();
  }
}
