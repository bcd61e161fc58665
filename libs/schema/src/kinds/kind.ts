import type { CellValue, RawColumn } from '../raw-schema.js';

/** What the float64 behind a cell may be, flat, so that hot loops ask no kind. */
export interface NumberLimits {
  readonly minimum: number;
  readonly maximum: number;
  readonly isWhole: boolean;
  readonly nullable: boolean;
}

/** SQL of a cell of a table: its value, null where there is none, and its text, null everywhere but where it has no place in the column. */
export interface SqlCell {
  readonly value: string;
  readonly raw: string;
}

/** How a column's values look in JSON Schema. */
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

/** What stands before the fraction of a number. */
export type Decimal = '.' | ',';

export interface ReaderOptions {
  /** Texts that stand for no value in CSV where the column names none itself; not there: `MISSING_TOKENS`. */
  readonly missing?: readonly string[];
  /** Makes of a text the one that the vocabulary holds. */
  readonly normalize?: (text: string) => string;
  /** Has unknown values read as `UNKNOWN_CODE` also where they are to be taken for missing ones, for who counts them. */
  readonly marksUnknown?: boolean;
}

/** Reads the cells of one column, by rules that are made ready once: its limits, its vocabulary, its missing tokens. */
export interface ColumnReader {
  /** What a value must be, in words: what a refusal expected. */
  readonly expected: string;
  /** Whether each finite number within the column's limits is the number behind itself, so that numbers need no reader. */
  readonly isFlat: boolean;
  /** The number behind a value of JSON, NaN where there is none; `undefined` refuses it. */
  readonly fromJson: (value: unknown) => number | undefined;
  /** As {@link fromJson}, of a cell of CSV as it stands there. */
  readonly fromText: (text: string, decimal?: Decimal) => number | undefined;
  /** The value of JSON that a cell of CSV stands for; its text where it is none of the column's. */
  readonly toJson: (text: string, decimal?: Decimal) => CellValue;
  /** The way back: a value that `fromJson` reads as this number, null for NaN. */
  readonly toValue: (number: number) => CellValue;
  /** Of dates and times: a moment, in microseconds since the epoch, as the column writes it; `isNaive`: of a clock without a zone. */
  readonly ofMoment?: (microseconds: number, isNaive: boolean) => CellValue;
}

/**
 * All that is known of one kind of column. Whatever the kind, one float64 is behind each cell, NaN where there is no value;
 * a kind tells how values come to it from JSON, CSV, tensors and tables of SQL. It gives plain facts: who reads a format asks
 * for them.
 */
export interface ColumnKind<Column extends RawColumn = RawColumn> {
  /** Whether the numbers behind the values are whole. */
  readonly isWhole: boolean;
  /** The datatype of its tensors in the Open Inference Protocol. */
  readonly datatype: 'FP64' | 'INT64' | 'BOOL' | 'BYTES';
  /** The type of the numbers behind its values in a table of SQL. */
  readonly sqlType: string;
  /** What a cell of a table is that has no place in the column: "not a number". */
  readonly misfit: string;

  /** What a value must be, in words: the message of each rule of the column. */
  readonly expectation: (column: Column) => string;
  /** What contradicts itself in the column's rules, or nothing. */
  readonly flaw: (column: Column) => string | undefined;
  readonly limits: (column: Column) => NumberLimits;
  readonly jsonSchema: (column: Column) => JsonSchema;
  readonly reader: (column: Column, options?: ReaderOptions) => ColumnReader;
  /** The number of this kind nearest to a number. */
  readonly nearest: (value: number) => number;
  /** The number behind the value at a share, from 0 to 1, of the column's range. */
  readonly valueAt: (column: Column, share: number) => number;

  /** SQL of the number behind a text, null where the text is no value; not there where only a reader tells. */
  readonly sqlFromText?: (text: string, decimal: Decimal) => string;
  /** SQL, true where a cell has no place in the column. */
  readonly sqlMisfit: (cell: SqlCell) => string;
  /** SQL, each true where a value lies outside of the column's range on one side. */
  readonly sqlOutside: (column: Column, value: string) => readonly string[];
}

/** Whether a number keeps the limits; NaN, which stands for no value, never does. */
export function keepsLimits({ minimum, maximum, isWhole }: NumberLimits, value: number): boolean {
  return value >= minimum && value <= maximum && (isWhole ? Number.isInteger(value) : Number.isFinite(value));
}
