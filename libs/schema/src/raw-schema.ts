/** Properties of all raw columns. */
interface ColumnBase {
  readonly name: string;
  /** Null is stored as NaN. */
  readonly nullable: boolean;
  readonly description?: string;
  /** Missing tokens of this column, in every format; absent: those of the pipeline, in CSV only. */
  readonly missing?: readonly string[];
}

/** Ranges are inclusive. */
export interface NumberColumn extends ColumnBase {
  readonly type: 'float' | 'integer';
  readonly minimum?: number;
  readonly maximum?: number;
  /** A valid value, for documentation. */
  readonly example?: number;
}

export interface BooleanColumn extends ColumnBase {
  readonly type: 'boolean';
  readonly example?: boolean;
}

/** Treatment of a value outside of the vocabulary: rejected, read as missing, or stored as `UNKNOWN_CODE`. */
export type UnknownPolicy = 'error' | 'missing' | 'other';

/** One of a set of values; a cell is stored as the index of its value in `values`. */
export interface CategoryColumn extends ColumnBase {
  readonly type: 'category';
  /** Type of the values. As numbers, 5, 5.0, "5" and "5.0" are one value. */
  readonly codes: 'text' | 'number';
  /** Distinct values, given or learnt from training data; absent until they are learnt. */
  readonly values?: readonly (string | number)[];
  /** `error` if not set. */
  readonly unknown?: UnknownPolicy;
  readonly example?: string | number;
}

/** Any text; `values` are the texts that the model's steps know. */
export interface TextColumn extends ColumnBase {
  readonly type: 'text';
  /** As of {@link CategoryColumn}. */
  readonly values?: readonly string[];
  /** `other` if not set. */
  readonly unknown?: UnknownPolicy;
  readonly example?: string;
}

/** A date in its format, by default `YYYY-MM-DD`, which is also that of its limits. */
export interface DateColumn extends ColumnBase {
  readonly type: 'date';
  /** A strptime format such as `%d.%m.%Y`. */
  readonly format?: string;
  readonly minimum?: string;
  readonly maximum?: string;
  readonly example?: string;
}

/** A date and time in its format, by default ISO 8601, which is also that of its limits. */
export interface DateTimeColumn extends ColumnBase {
  readonly type: 'datetime';
  /** A strptime format such as `%m/%d/%Y %I:%M %p`, or `epoch_seconds` or `epoch_milliseconds`, which are whole numbers. */
  readonly format?: string;
  readonly minimum?: string | number;
  readonly maximum?: string | number;
  /** Zone of times without one: `UTC` or an offset such as `+02:00`; absent: such times are rejected. */
  readonly timezone?: string;
  readonly example?: string | number;
}

/** A column with a vocabulary. */
export type VocabularyColumn = CategoryColumn | TextColumn;

/** One raw column of a model's input. */
export type RawColumn = NumberColumn | BooleanColumn | VocabularyColumn | DateColumn | DateTimeColumn;

/** A column's kind. */
export type ColumnType = RawColumn['type'];

/** The raw columns of a model, in the order of its pipeline. */
export type RawSchema = readonly RawColumn[];

/** A cell as a JSON value. */
export type CellValue = string | number | boolean | null;
