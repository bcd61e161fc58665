import type { Content, ContentLookup } from '../content.js';
import type { Target } from '../target.js';

/** Gives the values of a column by name: a typed array that stays the same for as long as it is bound. */
export type ColumnLookup = (name: string) => Float64Array;

/** What a step that learns from the target knows beside the columns. */
export interface TargetContext {
  readonly contentOf: ContentLookup;
  /** Not there where the pipeline is fitted without one. */
  readonly target?: Target;
}

/** What fitting knows beside the columns. */
export interface FitContext extends TargetContext {
  /** Gives a name for a new column that no other column has. */
  readonly freshName: (name: string) => string;
}

/** What binding knows beside the columns. */
export interface BindContext {
  readonly contentOf: ContentLookup;
  /** Whether another step writes a column too, so that what stood in it last is not what was written. */
  readonly isRewritten: (name: string) => boolean;
}

/**
 * What a step does where a column that it reads has no value (NaN): `pass` gives NaN too, `fill` never does, `refuse` has no
 * meaning for it. One that may `make` gaps gives NaN for values too.
 */
export type MissingRule = 'pass' | 'fill' | 'refuse' | 'make';

/**
 * How one kind of step behaves. Steps themselves are frozen plain data; this is their only interpreter, and
 * fitting uses the same `bind` as serving.
 */
export interface StepDefinition<Spec extends { kind: string }, Fitted extends Spec = Spec> {
  /** Columns that must exist before the step runs. */
  reads(step: Spec): readonly string[];
  /** Columns that the step creates, or overwrites where it also reads them. */
  writes(step: Fitted): readonly string[];
  /** The name that stands for all columns that the step writes, where it makes several of one. */
  group?(step: Fitted): string | undefined;
  /** Says why the step cannot read a column with this content; not there: it reads numbers only. */
  objection?(step: Spec, content: Content, name: string): string | undefined;
  /** What stands in a column that it writes; not there: numbers. */
  contentAfter?(step: Fitted, name: string, contentOf: ContentLookup): Content;
  /** Not there: `pass`. */
  missing?(step: Fitted): MissingRule;
  /**
   * Says what is wrong with a fitted step's numbers, or nothing.
   * Shapes and types are the JSON Schema's business.
   */
  flaw?(step: Fitted, contentOf: ContentLookup): string | undefined;
  /** The keys that fitting writes. */
  readonly learns?: readonly string[];
  /**
   * A fitted step made without any data, so that a recipe can be checked; not there: it learns nothing.
   *
   * @param wanted the columns that the rest of the recipe names: those that only data tell are taken from these
   */
  draft?(step: Spec, wanted: readonly string[]): Fitted;
  /** Learns the step's numbers from the first `rows` values of the columns that it reads. */
  fit(step: Spec, column: ColumnLookup, rows: number, context: FitContext): Fitted;
  /**
   * For a step that learns from the target: what training rows get in its place, one column for each that it writes, learnt
   * without the rows themselves.
   */
  crossFit?(step: Fitted, column: ColumnLookup, rows: number, context: TargetContext): readonly Float64Array[];
  /** Returns the function that computes the first `rows` values of the columns that the step writes. */
  bind(step: Fitted, column: ColumnLookup, context: BindContext): (rows: number) => void;
}
