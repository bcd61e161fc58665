import type { Content, ContentLookup } from '../content.js';
import type { Target } from '../target.js';

/** Returns a column by name: a typed array that stays the same while the step is bound. */
export type ColumnLookup = (name: string) => Float64Array;

/** The input, besides columns, of a step that learns from the target. */
export interface TargetContext {
  readonly contentOf: ContentLookup;
  /** Absent where the pipeline is fitted without one. */
  readonly target?: Target;
}

/** The input of fitting, besides columns. */
export interface FitContext extends TargetContext {
  /** Returns a name for a new column that is not taken. */
  readonly freshName: (name: string) => string;
}

/** The input of binding, besides columns. */
export interface BindContext {
  readonly contentOf: ContentLookup;
  /** Whether another step also writes a column, so that it may have changed since this step's last write. */
  readonly isRewritten: (name: string) => boolean;
}

/**
 * How a step treats a missing value (NaN) in a column that it reads: `pass` returns NaN, `fill` never does, `refuse`
 * cannot handle it. `make` may return NaN even for values present.
 */
export type MissingRule = 'pass' | 'fill' | 'refuse' | 'make';

/**
 * The behaviour of one kind of step. Steps themselves are frozen plain data; this is their only interpreter, and
 * fitting uses the same `bind` as serving.
 */
export interface StepDefinition<Spec extends { kind: string }, Fitted extends Spec = Spec> {
  /** Columns that must exist before the step runs. */
  reads(step: Spec): readonly string[];
  /** Columns that the step creates, or overwrites where it also reads them. */
  writes(step: Fitted): readonly string[];
  /** The name that stands for all output columns, where the step splits a column into several. */
  group?(step: Fitted): string | undefined;
  /** Says why the step cannot read a column with this content; absent: it reads only numbers. */
  objection?(step: Spec, content: Content, name: string): string | undefined;
  /** The content of an output column; absent: numbers. */
  contentAfter?(step: Fitted, name: string, contentOf: ContentLookup): Content;
  /** Absent: `pass`. */
  missing?(step: Fitted): MissingRule;
  /** What is wrong with a fitted step's values, if anything; shapes and types are left to the JSON Schema. */
  flaw?(step: Fitted, contentOf: ContentLookup): string | undefined;
  /** The keys that fitting writes. */
  readonly learns?: readonly string[];
  /**
   * A fitted step made without data, so that a recipe can be checked; absent: it learns nothing.
   *
   * @param wanted the columns that the rest of the recipe names: outputs that depend on data are guessed from these
   */
  draft?(step: Spec, wanted: readonly string[]): Fitted;
  /** Fits the step on the first `rows` values of the columns that it reads. */
  fit(step: Spec, column: ColumnLookup, rows: number, context: FitContext): Fitted;
  /**
   * For a step that learns from the target: its outputs for the training rows, each row by what was learnt without it
   * (cross-fitting).
   */
  crossFit?(step: Fitted, column: ColumnLookup, rows: number, context: TargetContext): readonly Float64Array[];
  /** Returns the function that computes the first `rows` values of the columns that the step writes. */
  bind(step: Fitted, column: ColumnLookup, context: BindContext): (rows: number) => void;
}
