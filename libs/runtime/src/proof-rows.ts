import { createHash } from 'node:crypto';
import { CHUNK_ROWS } from '#features';
import { probeRows } from '#trees';
import type { Engine, Scores } from './engine.js';
import type { KernelEngine } from './kernel-engine.js';

/** Rows of features that a kernel's proof compares, row by row: those of the golden rows, and all that could reveal a difference. */
export function comparedRows(kernel: KernelEngine, golden: readonly (readonly number[])[]): Float64Array {
  const { width } = kernel;
  const probes = probeRows(width, kernel.splits, kernel.dtype);
  const rows = new Float64Array(golden.length * width + probes.length);
  golden.forEach((row, i) => rows.set(row, i * width));
  rows.set(probes, golden.length * width);
  return rows;
}

/** Scores rows of features with an engine, row by row. */
export async function scoresOf(engine: Engine, features: Float64Array): Promise<Scores> {
  const { width } = engine;
  const [rows, outputs] = [features.length / width, engine.classes || 1];
  const all = engine.classes > 0 ? new Float32Array(rows * outputs) : new Float64Array(rows);
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - start);
    const block = engine.block(count);
    const { data, featureStride, rowStride } = block;
    for (let f = 0; f < width; f++) {
      for (let i = 0, from = start * width + f; i < count; i++, from += width) {
        data[f * featureStride + i * rowStride] = features[from];
      }
    }
    all.set(await engine.run(block, count), start * outputs);
  }
  return all;
}

/** SHA-256 of the bits of scores: those of a kernel are the same on every machine. */
export const digestOfScores = (scores: Scores): string =>
  createHash('sha256')
    .update(new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength))
    .digest('hex');
