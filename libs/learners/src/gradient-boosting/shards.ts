const MIN_ROWS = 2 ** 12;
const MAX_ROWS = 2 ** 16;
const SHARDS = 16;

/** Rows in equal parts, which threads take one by one; they depend on the number of rows only. */
export interface Shards {
  readonly count: number;
  /** Of a shard; the last may have fewer. */
  readonly rows: number;
}

/** Parts small enough to lie in a core's cache, and enough of them to share out evenly. */
export function shardsOf(rows: number): Shards {
  const size = Math.max(MIN_ROWS, Math.min(MAX_ROWS, Math.ceil(rows / SHARDS)));
  return { count: Math.ceil(rows / size), rows: size };
}
