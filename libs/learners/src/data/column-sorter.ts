const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const SIGN = 1 << 31;
/** Up to here V8's own sort, in C++, is faster, as it need not be compiled first. */
const FEW_ROWS = 4_096;

/**
 * An int32 for a float32's bits: keys ascend with the values, and are equal where these are (0 and -0 too). Of a key it
 * gives the bits. V8 makes no object of an int32, as it does of an uint32 until a loop is compiled.
 */
export const keyOf = (bits: number): number => (bits === SIGN ? 0 : bits ^ ((bits >> 31) & ~SIGN));

/** The bits of a column's values. */
export const bitsOf = (column: Float32Array): Int32Array =>
  new Int32Array(column.buffer, column.byteOffset, column.length);

/** Sorts the keys of float32 columns by radix (three passes of 11 bits), several times faster than by comparing. */
export class ColumnSorter {
  private readonly starts = new Int32Array(DIGITS);

  /** Both as long as the columns; overwritten. */
  constructor(
    private readonly keys: Int32Array,
    private readonly others: Int32Array = new Int32Array(keys.length),
  ) {}

  /**
   * The keys of all values in ascending order.
   *
   * @param column without NaN
   * @returns overwritten by the next call
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

/** Digits ascend with the keys, negative ones first. */
const digitOf = (key: number, shift: number): number => ((key ^ SIGN) >> shift) & (DIGITS - 1);
