/** What every raw column says of itself, whatever its kind. */
interface ColumnBase {
  readonly name: string;
  /** A null is carried as NaN. */
  readonly nullable: boolean;
  readonly description?: string;
  /** Texts that stand for no value in this column, in every format; not there: those of the pipeline, in CSV alone. */
  readonly missing?: readonly string[];
}

/** Ranges are inclusive. */
export interface NumberColumn extends ColumnBase {
  readonly type: 'float' | 'integer';
  readonly minimum?: number;
  readonly maximum?: number;
  /** A value that documentation can show and a client can send. */
  readonly example?: number;
}

export interface BooleanColumn extends ColumnBase {
  readonly type: 'boolean';
  readonly example?: boolean;
}

/** What becomes of a value that the vocabulary does not hold: refused, taken for none, or carried as `UNKNOWN_CODE`. */
export type UnknownPolicy = 'error' | 'missing' | 'other';

/** One of some values; the number behind a cell is its value's place among `values`. */
export interface CategoryColumn extends ColumnBase {
  readonly type: 'category';
  /** What the values are. Of numbers, 5, 5.0, "5" and "5.0" are one value. */
  readonly codes: 'text' | 'number';
  /** All different: as given, or as learnt from training data; not there where that is still to come. */
  readonly values?: readonly (string | number)[];
  /** `error` if not set. */
  readonly unknown?: UnknownPolicy;
  readonly example?: string | number;
}

/** Any text; what the model's steps know of them are its `values`. */
export interface TextColumn extends ColumnBase {
  readonly type: 'text';
  /** As those of {@link CategoryColumn}. */
  readonly values?: readonly string[];
  /** `other` if not set. */
  readonly unknown?: UnknownPolicy;
  readonly example?: string;
}

/** A day, written as its format says, or else `YYYY-MM-DD`, as are its limits. */
export interface DateColumn extends ColumnBase {
  readonly type: 'date';
  /** How days are written, such as `%d.%m.%Y`. */
  readonly format?: string;
  readonly minimum?: string;
  readonly maximum?: string;
  readonly example?: string;
}

/** A moment, written as its format says, or else ISO 8601, as are its limits. */
export interface DateTimeColumn extends ColumnBase {
  readonly type: 'datetime';
  /** How times are written, such as `%m/%d/%Y %I:%M %p`; `epoch_seconds` and `epoch_milliseconds` are whole numbers. */
  readonly format?: string;
  readonly minimum?: string | number;
  readonly maximum?: string | number;
  /** Of times written without one: `UTC` or an offset such as `+02:00`; not there: such times are refused. */
  readonly timezone?: string;
  readonly example?: string | number;
}

/** A column whose values are learnt. */
export type VocabularyColumn = CategoryColumn | TextColumn;

/** One raw column of a model's input. */
export type RawColumn = NumberColumn | BooleanColumn | VocabularyColumn | DateColumn | DateTimeColumn;

/** A column's kind. */
export type ColumnType = RawColumn['type'];

/** The raw columns of a model, in the order in which they enter its pipeline. */
export type RawSchema = readonly RawColumn[];

/** A cell as a value of JSON. */
export type CellValue = string | number | boolean | null;
