import type { ColumnType } from './kinds/index.js';
import type { ColumnRules } from './kinds/kind.js';

/** One raw column of a model's input. */
export interface RawColumn extends ColumnRules {
  /** Its kind. */
  readonly type: ColumnType;
}

/** The raw columns of a model, in the order in which they enter its pipeline. */
export type RawSchema = readonly RawColumn[];
