import { bitsOf, keyOf } from './column-sorter.js';

/** The upper half of a key tells the bin, nearly. */
const HALF_BITS = 16;
const HALVES = 1 << HALF_BITS;
const LARGEST_KEY = 2 ** 31 - 1;

/** Finds the bins of values: by a key's first bits where to begin, and from there on step by step, seldom more than two. */
export class BinLookup {
  private readonly first = new Uint16Array(HALVES);

  /**
   * @param lowest the smallest value in each bin
   * @param bins where the bin of each of the column's values goes
   */
  lookUp(column: Float32Array, lowest: Float32Array, bins: Uint16Array): void {
    const { first } = this;
    const last = lowest.length;
    const lowestKeys = new Int32Array(last + 1).fill(LARGEST_KEY);
    bitsOf(lowest).forEach((bits, bin) => (lowestKeys[bin] = keyOf(bits)));
    first.fill(0);
    const placeOf = (key: number): number => Math.ceil(key / HALVES) + HALVES / 2;
    for (let bin = 1; bin < last; bin++) first.fill(bin, placeOf(lowestKeys[bin]), placeOf(lowestKeys[bin + 1]));
    const bits = bitsOf(column);
    for (let row = 0; row < bits.length; row++) {
      const key = keyOf(bits[row]);
      let bin = first[(key >> HALF_BITS) + HALVES / 2];
      while (lowestKeys[bin + 1] <= key) bin++;
      bins[row] = bin;
    }
  }
}
