const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const SIGN = 1 << 31;
/** Up to here V8's built-in sort is faster: it is C++ and needs no warm-up. */
const FEW_ROWS = 4_096;

/**
 * Maps a float32's bits to an int32 key: keys sort as the values do, and are equal where these are (also 0 and -0).
 * It is its own inverse. V8 boxes a uint32 until a loop is compiled, but not an int32.
 */
export const keyOf = (bits: number): number => (bits === SIGN ? 0 : bits ^ ((bits >> 31) & ~SIGN));

/** The bits of a column's values. */
export const bitsOf = (column: Float32Array): Int32Array =>
  new Int32Array(column.buffer, column.byteOffset, column.length);

/** Sorts the keys of float32 columns by radix (three passes of 11 bits), several times faster than by comparison. */
export class ColumnSorter {
  private readonly starts = new Int32Array(DIGITS);

  /** Both buffers are as long as the columns, and are overwritten. */
  constructor(
    private readonly keys: Int32Array,
    private readonly others: Int32Array = new Int32Array(keys.length),
  ) {}

  /**
   * The keys of all values in ascending order.
   *
   * @param column without NaN
   * @returns a buffer that the next call overwrites
   */
  sort(column: Float32Array): Int32Array {
    let [from, to] = [this.keys, this.others];
    const bits = bitsOf(column);
    for (let i = 0; i < bits.length; i++) from[i] = keyOf(bits[i]);
    if (from.length <= FEW_ROWS) return from.sort();
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      this.pass(shift, from, to);
      [from, to] = [to, from];
    }
    return from;
  }

  private pass(shift: number, from: Int32Array, to: Int32Array): void {
    const { starts } = this;
    starts.fill(0);
    for (let i = 0; i < from.length; i++) starts[digitOf(from[i], shift)]++;
    for (let digit = 0, start = 0; digit < DIGITS; digit++) {
      const count = starts[digit];
      starts[digit] = start;
      start += count;
    }
    for (let i = 0; i < from.length; i++) to[starts[digitOf(from[i], shift)]++] = from[i];
  }
}

/** The digits sort as the keys do, negative ones first. */
const digitOf = (key: number, shift: number): number => ((key ^ SIGN) >> shift) & (DIGITS - 1);
