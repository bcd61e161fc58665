/** Where the values of a column lie. */
export interface ColumnScale {
  readonly mean: number;
  /** The population standard deviation, or 1 where the column is constant. */
  readonly deviation: number;
}

export function columnScale(column: Float32Array): ColumnScale {
  let sum = 0;
  for (const value of column) sum += value;
  const mean = sum / column.length;
  let squares = 0;
  for (const value of column) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / column.length);
  // The mean of equal values may miss them by a rounding error.
  return { mean, deviation: deviation > 1e-12 * Math.abs(mean) ? deviation : 1 };
}
