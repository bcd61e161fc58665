import type { NamedTensor, TensorData, TensorSpec } from '../tensor.js';

/** Number of generated rows on which a model without recorded rows is tested. */
export const PROBE_ROWS = 256;

/** SplitMix32 (Steele, Lea, Flood, OOPSLA 2014): uniform numbers from 0 to 1, the same on every machine. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    let z = (state = (state + 0x9e3779b9) | 0);
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
  };
}

const ARRAYS = { FP32: Float32Array, FP64: Float64Array, INT32: Int32Array } as const;

/** Converts cells to tensor data; `undefined` for texts, which cannot be generated. */
function asData(cells: readonly number[], datatype: TensorSpec['datatype']): TensorData | undefined {
  if (datatype === 'INT64') return BigInt64Array.from(cells, (cell) => BigInt(Math.round(cell)));
  if (datatype === 'BOOL') return Uint8Array.from(cells, (cell) => Number(cell > 0));
  if (datatype === 'INT32') return Int32Array.from(cells, Math.round);
  return datatype === 'FP32' || datatype === 'FP64' ? ARRAYS[datatype].from(cells) : undefined;
}

/**
 * Generates rows of numbers that reach many branches: close to the thresholds of the model's trees, and of many magnitudes.
 *
 * @param splits thresholds by feature index, counted over all inputs
 * @param rows the first dimension of each input where it is variable
 * @param seed equal seeds give equal rows
 * @returns one tensor for each input; `undefined` where an input has texts or an unknown size
 */
export function probeRows(
  inputs: readonly TensorSpec[],
  splits: ReadonlyMap<number, readonly number[]>,
  rows: number,
  seed: number,
): NamedTensor[] | undefined {
  const random = uniforms(seed);
  const cellOf = (feature: number): number => {
    const thresholds = splits.get(feature);
    const signed = 2 * random() - 1;
    if (thresholds && random() < 0.75)
      return thresholds[Math.floor(random() * thresholds.length)] * (1 + signed / 1_000) + signed / 1e6;
    return signed * 10 ** (6 * random() - 2);
  };
  const features = Math.max(-1, ...splits.keys()) + 1;
  const tensors: NamedTensor[] = [];
  let first = 0;
  for (const { name, datatype, shape } of inputs) {
    const sizes = shape.map((size, axis) => (axis === 0 && size === -1 ? rows : size === -1 ? features : size));
    if (sizes.some((size) => size < 1)) return undefined;
    const width = sizes.slice(1).reduce((product, size) => product * size, 1);
    const cells = Array.from({ length: sizes[0] * width }, (_, i) => cellOf(first + (i % width)));
    const data = asData(cells, datatype);
    if (!data) return undefined;
    tensors.push({ name, datatype, shape: sizes, data });
    first += width;
  }
  return tensors;
}
