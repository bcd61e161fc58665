/** Gives the values of a column by name: a typed array that stays the same for as long as it is bound. */
export type ColumnLookup = (name: string) => Float64Array;

/**
 * How one kind of step behaves. Steps themselves are frozen plain data; this is their only interpreter, and
 * fitting uses the same `bind` as serving.
 */
export interface StepDefinition<Spec extends { kind: string }, Fitted extends Spec = Spec> {
  /** Columns that must exist before the step runs. */
  reads(step: Spec): readonly string[];
  /** Columns that the step creates, or overwrites where it also reads them. */
  writes(step: Spec): readonly string[];
  /**
   * Says what is wrong with a fitted step's numbers, or nothing.
   * Shapes and types are the JSON Schema's business.
   */
  flaw?(step: Fitted): string | undefined;
  /** Learns the step's numbers from the first `rows` values of the columns that it reads. */
  fit(step: Spec, column: ColumnLookup, rows: number): Fitted;
  /** Returns the function that computes the first `rows` values of the columns that the step writes. */
  bind(step: Fitted, column: ColumnLookup): (rows: number) => void;
}
