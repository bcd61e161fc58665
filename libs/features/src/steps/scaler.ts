/** The divisor for a range: 1 where it is 0 within rounding, a constant column (sklearn `_handle_zeros_in_scale`). */
export const scaleOf = (range: number): number => (range < 10 * Number.EPSILON ? 1 : range);

/** What is wrong with a fitted scaler, if anything: it needs one number for each column, and scales above 0. */
export function scalerFlaw(
  columns: readonly string[],
  numbers: Readonly<Record<string, readonly number[]>> & { readonly scale: readonly number[] },
): string | undefined {
  for (const [name, { length }] of Object.entries(numbers)) {
    if (length !== columns.length) return `${columns.length} columns need as many numbers in ${name}, not ${length}`;
  }
  if (new Set(columns).size !== columns.length) return 'a column is named twice';
  return numbers.scale.every((value) => value > 0) ? undefined : 'every scale must be above 0';
}
