/** What a name of a graph stands for in a run: rows of numbers, or of labels by their place among some. */
export interface Values {
  readonly type: 'float32' | 'float64' | 'whole';
  /** Numbers of a row; a vector has one and is flat. */
  readonly width: number;
  readonly isFlat: boolean;
  /** Row by row, for as many rows as a run may have. */
  readonly data: Float64Array;
  /** Where the numbers are places of labels: these. */
  readonly labels?: readonly (string | number)[];
}

export const roundTo = (type: Values['type']): ((x: number) => number) => (type === 'float32' ? Math.fround : (x) => x);
