/** What a raw column says of its values, whatever their kind. Ranges are inclusive. */
export interface ColumnRules {
  readonly name: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** A null is carried as NaN; an `impute` step must then fill it. */
  readonly nullable: boolean;
  readonly description?: string;
  /** A value that documentation can show and a client can send. */
  readonly example?: number;
}

/** What the float64 behind a cell may be, flat, so that hot loops ask no kind. */
export interface Limits {
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
  readonly type: 'integer' | 'number';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly nullable: boolean;
  readonly description?: string;
  readonly example?: number;
}

/**
 * All that is known of one kind of column. Whatever the kind, one float64 is behind each cell, NaN where there is no value;
 * a kind tells how values come to it from JSON, CSV, tensors and tables of SQL. It gives plain facts: who reads a format asks
 * for them.
 */
export interface ColumnKind {
  /** Whether the numbers behind the values are whole. */
  readonly isWhole: boolean;
  /** The datatype of its tensors in the Open Inference Protocol. */
  readonly datatype: 'FP64' | 'INT64';
  /** The type of its values in a table of SQL. */
  readonly sqlType: string;
  /** What a cell of a table is that has no place in the column: "not a number". */
  readonly misfit: string;

  /** What a value must be, in words: the message of each rule of the column. */
  readonly expectation: (column: ColumnRules) => string;
  /** What contradicts itself in the column's rules, or nothing. */
  readonly flaw: (column: ColumnRules) => string | undefined;
  readonly limits: (column: ColumnRules) => Limits;
  readonly jsonSchema: (column: ColumnRules) => JsonSchema;
  /** The number behind a value of JSON that keeps the rules; NaN where there is none. */
  readonly fromJson: (value: number | null | undefined) => number;
  /** The number behind a cell of CSV without blanks around it; `undefined` where the text is no value of this kind. */
  readonly fromText: (text: string, decimal: '.' | ',') => number | undefined;
  /** The value of this kind nearest to a number. */
  readonly nearest: (value: number) => number;
  /** The value at a share, from 0 to 1, of the column's range. */
  readonly valueAt: (column: ColumnRules, share: number) => number;

  /** SQL of the value of a text, null where the text is none. */
  readonly sqlFromText: (text: string, decimal: '.' | ',') => string;
  /** A value in SQL, exactly. */
  readonly sqlLiteral: (value: number | string) => string;
  /** SQL, true where a cell has no place in the column. */
  readonly sqlMisfit: (cell: SqlCell) => string;
  /** SQL, each true where a value lies outside of the column's range on one side. */
  readonly sqlOutside: (column: ColumnRules, value: string) => readonly string[];
}

/** Whether a number keeps the limits; NaN, which stands for no value, never does. */
export function keepsLimits({ minimum, maximum, isWhole }: Limits, value: number): boolean {
  return value >= minimum && value <= maximum && (isWhole ? Number.isInteger(value) : Number.isFinite(value));
}
