import type { CellValue, RawColumn } from '../raw-schema.js';

/** Valid numbers of a column, as plain data, so that hot loops call no functions of a kind. */
export interface NumberLimits {
  readonly minimum: number;
  readonly maximum: number;
  readonly isWhole: boolean;
  readonly nullable: boolean;
}

/** SQL expressions of a cell: its value, or null, and its text, which is null unless the cell is invalid for the column. */
export interface SqlCell {
  readonly value: string;
  readonly raw: string;
}

/** The JSON Schema of a column's values. */
export interface JsonSchema {
  readonly type: 'integer' | 'number' | 'boolean' | 'string';
  readonly format?: 'date' | 'date-time';
  readonly enum?: (string | number | null)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly nullable: boolean;
  readonly description?: string;
  readonly example?: CellValue;
}

/** The decimal separator. */
export type Decimal = '.' | ',';

export interface ReaderOptions {
  /** Missing tokens in CSV of a column without its own; absent: `MISSING_TOKENS`. */
  readonly missing?: readonly string[];
  /** Normalizes a text before it is looked up in the vocabulary. */
  readonly normalize?: (text: string) => string;
  /** Reads unknown values as `UNKNOWN_CODE` even where the column treats them as missing, so that the caller can count them. */
  readonly marksUnknown?: boolean;
}

/** Reads the cells of one column. Its limits, vocabulary and missing tokens are compiled once. */
export interface ColumnReader {
  /** Describes a valid value, for error messages. */
  readonly expected: string;
  /** Whether finite numbers within the column's limits are read as themselves, so that they need no reader. */
  readonly isFlat: boolean;
  /** The number of a JSON value, NaN where it is missing; `undefined` rejects it. */
  readonly fromJson: (value: unknown) => number | undefined;
  /** As {@link fromJson}, for the text of a CSV cell. */
  readonly fromText: (text: string, decimal?: Decimal) => number | undefined;
  /** Converts a CSV cell to a JSON value; an invalid cell stays its text. */
  readonly toJson: (text: string, decimal?: Decimal) => CellValue;
  /** The inverse of `fromJson`: a value that is read as this number, null for NaN. */
  readonly toValue: (number: number) => CellValue;
  /** Only for dates and times: formats microseconds since the epoch as the column does; `isNaive`: a local time without a zone. */
  readonly ofMoment?: (microseconds: number, isNaive: boolean) => CellValue;
}

/**
 * Everything about one kind of column. Every cell is stored as one float64, NaN where it is missing; a kind defines the
 * conversion from JSON, CSV, tensors and SQL tables. It contains only facts, which the readers of formats use.
 */
export interface ColumnKind<Column extends RawColumn = RawColumn> {
  /** Whether the stored numbers are whole. */
  readonly isWhole: boolean;
  /** The datatype of its tensors in the Open Inference Protocol. */
  readonly datatype: 'FP64' | 'INT64' | 'BOOL' | 'BYTES';
  /** The SQL type of the stored numbers. */
  readonly sqlType: string;
  /** Describes an invalid cell: "not a number". */
  readonly misfit: string;

  /** Describes a valid value, for error messages. */
  readonly expectation: (column: Column) => string;
  /** Describes a contradiction in the column's rules, if any. */
  readonly flaw: (column: Column) => string | undefined;
  readonly limits: (column: Column) => NumberLimits;
  readonly jsonSchema: (column: Column) => JsonSchema;
  readonly reader: (column: Column, options?: ReaderOptions) => ColumnReader;
  /** The nearest valid number of this kind. */
  readonly nearest: (value: number) => number;
  /** The stored number at a share, from 0 to 1, of the column's range. */
  readonly valueAt: (column: Column, share: number) => number;

  /** SQL that converts a text to the stored number, null where it is invalid; absent where that needs a reader. */
  readonly sqlFromText?: (text: string, decimal: Decimal) => string;
  /** SQL condition of invalid cells. */
  readonly sqlMisfit: (cell: SqlCell) => string;
  /** SQL conditions of values outside of the column's range, one for each limit. */
  readonly sqlOutside: (column: Column, value: string) => readonly string[];
}

/** Whether a number is within the limits; NaN never is. */
export function keepsLimits({ minimum, maximum, isWhole }: NumberLimits, value: number): boolean {
  return value >= minimum && value <= maximum && (isWhole ? Number.isInteger(value) : Number.isFinite(value));
}
