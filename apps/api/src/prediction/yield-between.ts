import { setImmediate as turn } from 'node:timers/promises';

/** Yields pieces with a turn of the event loop in between, so that other requests can proceed. */
export async function* yieldBetween<T>(pieces: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  let isFirst = true;
  for await (const piece of pieces) {
    if (!isFirst) await turn();
    isFirst = false;
    yield piece;
  }
}
