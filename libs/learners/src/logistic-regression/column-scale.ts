/** Mean and variance of a column. */
export interface ColumnScale {
  readonly mean: number;
  /** Population variance; 0 where the column is constant. */
  readonly variance: number;
}

export function columnScale(column: Float32Array): ColumnScale {
  let sum = 0;
  for (const value of column) sum += value;
  const mean = sum / column.length;
  let squares = 0;
  for (const value of column) squares += (value - mean) ** 2;
  const variance = squares / column.length;
  // The mean of equal values may differ from them by a rounding error.
  return { mean, variance: Math.sqrt(variance) > 1e-12 * Math.abs(mean) ? variance : 0 };
}
