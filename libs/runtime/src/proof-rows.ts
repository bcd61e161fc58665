import { createHash } from 'node:crypto';
import { CHUNK_ROWS } from '#features';
import { probeRows } from '#trees';
import type { Engine, Scores } from './engine.js';
import type { KernelEngine } from './kernel-engine.js';

/** Rows of features that a kernel's proof compares: those of the golden rows, and all that could reveal a difference. */
export const comparedRows = (
  kernel: KernelEngine,
  golden: readonly (readonly number[])[],
): readonly (readonly number[])[] => [...golden, ...probeRows(kernel.width, kernel.splits, kernel.dtype)];

/** Scores rows of features with an engine, row by row. */
export async function scoresOf(engine: Engine, rows: readonly (readonly number[])[]): Promise<Scores> {
  const width = engine.classes || 1;
  const all = engine.classes > 0 ? new Float32Array(rows.length * width) : new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const some = rows.slice(start, start + CHUNK_ROWS);
    const block = engine.block(some.length);
    some.forEach((row, i) => {
      for (let f = 0; f < row.length; f++) block.data[f * block.featureStride + i * block.rowStride] = row[f];
    });
    all.set(await engine.run(block, some.length), start * width);
  }
  return all;
}

/** SHA-256 of the bits of scores: those of a kernel are the same on every machine. */
export const digestOfScores = (scores: Scores): string =>
  createHash('sha256')
    .update(new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength))
    .digest('hex');
