const DIGIT_BITS = 16;
const DIGITS = 1 << DIGIT_BITS;
const DIGITS_PER_NUMBER = 64 / DIGIT_BITS;

/**
 * Row indices by falling score; stable.
 *
 * A radix sort (Knuth: The Art of Computer Programming 3, 5.2.5): non-negative numbers sort like their bits read as
 * integers. It takes four passes of 16 bits each; a pass whose digits are all equal is skipped.
 *
 * @param scores at least 0
 */
export function descendingOrder(scores: Float64Array): Int32Array {
  // Adding 0 turns -0, which would sort as the largest number, into 0.
  const digits = new Uint16Array(scores.map((score) => score + 0).buffer);
  let order = new Int32Array(scores.length).map((_, row) => row);
  let sorted = new Int32Array(scores.length);
  for (let digit = 0; digit < DIGITS_PER_NUMBER; digit++) {
    const starts = new Int32Array(DIGITS + 1);
    // Digit d is counted at DIGITS - d, so that the running sum is the start of the rows with d, largest first.
    for (let at = digit; at < digits.length; at += DIGITS_PER_NUMBER) starts[DIGITS - digits[at]]++;
    if (starts.includes(scores.length)) continue;
    for (let d = 1; d <= DIGITS; d++) starts[d] += starts[d - 1];
    for (let i = 0; i < order.length; i++) {
      const row = order[i];
      sorted[starts[DIGITS - 1 - digits[row * DIGITS_PER_NUMBER + digit]]++] = row;
    }
    [order, sorted] = [sorted, order];
  }
  return order;
}
