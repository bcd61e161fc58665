import { CHUNK_ROWS } from '#features';

/** Splits `total` rows into runs of at most {@link CHUNK_ROWS}. */
export function* chunks(total: number): Generator<{ start: number; rows: number }> {
  for (let start = 0; start < total; start += CHUNK_ROWS) yield { start, rows: Math.min(CHUNK_ROWS, total - start) };
}
