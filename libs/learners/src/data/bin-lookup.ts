import { bitsOf, keyOf } from './column-sorter.js';

/** The upper half of a key nearly determines the bin. */
const HALF_BITS = 16;
const HALVES = 1 << HALF_BITS;
const LARGEST_KEY = 2 ** 31 - 1;

/** Finds bins: a table by a key's upper bits gives the start of a linear search, seldom of more than two steps. */
export class BinLookup {
  private readonly first = new Uint16Array(HALVES);

  /**
   * @param lowest the smallest value of each bin
   * @param bins receives the bin of each of the column's values
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
