import { bitsOf, keyOf } from './column-sorter.js';

/** Bits of a key that the bin is found by, nearly. */
const PREFIX_BITS = 16;
const PREFIX_SHIFT = 32 - PREFIX_BITS;

/** Finds the bins of values: by a key's first bits where to begin, and from there on step by step, seldom more than two. */
export class BinLookup {
  private readonly first = new Uint16Array(1 << PREFIX_BITS);

  /**
   * @param lowest the smallest value in each bin
   * @param bins where the bin of each of the column's values goes
   */
  lookUp(column: Float32Array, lowest: Float32Array, bins: Uint16Array): void {
    const { first } = this;
    const lowestKeys = Float64Array.from([...bitsOf(lowest), 0], keyOf);
    const last = lowest.length;
    lowestKeys[last] = Infinity;
    first.fill(0);
    for (let bin = 1; bin < last; bin++) {
      first.fill(
        bin,
        Math.ceil(lowestKeys[bin] / 2 ** PREFIX_SHIFT),
        Math.ceil(lowestKeys[bin + 1] / 2 ** PREFIX_SHIFT),
      );
    }
    const bits = bitsOf(column);
    for (let row = 0; row < bits.length; row++) {
      const key = keyOf(bits[row]);
      let bin = first[key >>> PREFIX_SHIFT];
      while (lowestKeys[bin + 1] <= key) bin++;
      bins[row] = bin;
    }
  }
}
