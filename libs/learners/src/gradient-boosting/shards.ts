const MIN_ROWS = 2 ** 12;
const MAX_ROWS = 2 ** 16;
const SHARDS = 16;

/** Equal ranges of rows, which threads take one at a time; they depend only on the number of rows. */
export interface Shards {
  readonly count: number;
  /** Rows of a shard; the last may have fewer. */
  readonly rows: number;
}

/** Shards fit into a core's cache, and are enough to balance the load. */
export function shardsOf(rows: number): Shards {
  const size = Math.max(MIN_ROWS, Math.min(MAX_ROWS, Math.ceil(rows / SHARDS)));
  return { count: Math.ceil(rows / size), rows: size };
}
