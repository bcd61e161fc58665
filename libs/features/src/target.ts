/** The target of the rows that a pipeline is fitted on. */
export interface Target {
  readonly task: 'binary' | 'multiclass' | 'regression';
  /** One for each row: the number itself, or the index of the class. */
  readonly values: Float64Array | Int32Array;
  /** Class labels, in the order of their indices; empty in a regression. */
  readonly classes: readonly (string | number | boolean)[];
}
