/** What the rows that a pipeline is fitted on are to be predicted as. */
export interface Target {
  readonly task: 'binary' | 'multiclass' | 'regression';
  /** One for each row: the number itself, or the index of its class. */
  readonly values: Float64Array | Int32Array;
  /** Labels of the classes, in the order of their indices; of regression none. */
  readonly classes: readonly (string | number | boolean)[];
}
