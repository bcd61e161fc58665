const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const NEGATIVE_ZERO = 1 << 31;

/** A whole number for a float32's bits: numbers ascend with the values, and are equal where these are (0 and -0 too). */
export const keyOf = (bits: number): number =>
  bits === NEGATIVE_ZERO ? NEGATIVE_ZERO >>> 0 : (bits ^ ((bits >> 31) | NEGATIVE_ZERO)) >>> 0;

/** The bits of a column's values. */
export const bitsOf = (column: Float32Array): Int32Array =>
  new Int32Array(column.buffer, column.byteOffset, column.length);

/**
 * Sorts the keys of float32 columns by radix (three passes of 11 bits), several times faster than by comparing. An
 * instance keeps its buffers: 8 bytes a row.
 */
export class ColumnSorter {
  private readonly keys: Uint32Array;
  private readonly others: Uint32Array;
  private readonly starts = new Uint32Array(DIGITS);

  constructor(rows: number) {
    this.keys = new Uint32Array(rows);
    this.others = new Uint32Array(rows);
  }

  /**
   * The keys of all values in ascending order.
   *
   * @param column without NaN
   * @returns overwritten by the next call
   */
  sort(column: Float32Array): Uint32Array {
    let [from, to] = [this.keys, this.others];
    const bits = bitsOf(column);
    for (let i = 0; i < bits.length; i++) from[i] = keyOf(bits[i]);
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      this.pass(shift, from, to);
      [from, to] = [to, from];
    }
    return from;
  }

  private pass(shift: number, from: Uint32Array, to: Uint32Array): void {
    const { starts } = this;
    const mask = DIGITS - 1;
    starts.fill(0);
    for (let i = 0; i < from.length; i++) starts[(from[i] >>> shift) & mask]++;
    for (let digit = 0, start = 0; digit < DIGITS; digit++) {
      const count = starts[digit];
      starts[digit] = start;
      start += count;
    }
    for (let i = 0; i < from.length; i++) to[starts[(from[i] >>> shift) & mask]++] = from[i];
  }
}
