const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Sorts float32 columns by a radix sort of their bits (three passes of 11), several times faster than a comparing one.
 * An instance keeps its buffers: 16 bytes a row.
 */
export class ColumnSorter {
  private readonly keys: Uint32Array;
  private readonly otherKeys: Uint32Array;
  private readonly order: Uint32Array;
  private readonly otherOrder: Uint32Array;
  private readonly starts = new Uint32Array(DIGITS);

  constructor(rows: number) {
    [this.keys, this.otherKeys, this.order, this.otherOrder] = Array.from({ length: 4 }, () => new Uint32Array(rows));
  }

  /**
   * The rows in ascending order of their values, equal ones in the order of rows.
   *
   * @param column without NaN
   * @returns overwritten by the next call
   */
  sort(column: Float32Array): Uint32Array {
    let [from, to, fromOrder, toOrder] = [this.keys, this.otherKeys, this.order, this.otherOrder];
    const bits = new Int32Array(column.buffer, column.byteOffset, column.length);
    for (let i = 0; i < bits.length; i++) {
      from[i] = bits[i] ^ ((bits[i] >> 31) | 0x80000000);
      fromOrder[i] = i;
    }
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      this.pass(shift, from, to, fromOrder, toOrder);
      [from, to, fromOrder, toOrder] = [to, from, toOrder, fromOrder];
    }
    return fromOrder;
  }

  private pass(shift: number, from: Uint32Array, to: Uint32Array, fromOrder: Uint32Array, toOrder: Uint32Array): void {
    const { starts } = this;
    const mask = DIGITS - 1;
    starts.fill(0);
    for (let i = 0; i < from.length; i++) starts[(from[i] >>> shift) & mask]++;
    for (let digit = 0, start = 0; digit < DIGITS; digit++) {
      const count = starts[digit];
      starts[digit] = start;
      start += count;
    }
    for (let i = 0; i < from.length; i++) {
      const at = starts[(from[i] >>> shift) & mask]++;
      to[at] = from[i];
      toOrder[at] = fromOrder[i];
    }
  }
}
