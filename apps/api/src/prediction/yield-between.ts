import { setImmediate as turn } from 'node:timers/promises';

/** Gives the pieces of something large with a turn of the event loop between, so that others get theirs. */
export async function* yieldBetween<T>(pieces: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  let isFirst = true;
  for await (const piece of pieces) {
    if (!isFirst) await turn();
    isFirst = false;
    yield piece;
  }
}
