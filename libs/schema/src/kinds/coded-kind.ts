import { missingTest } from '../missing-tokens.js';
import type { CellValue, RawColumn } from '../raw-schema.js';
import type { ColumnKind, ColumnReader, Decimal, ReaderOptions } from './kind.js';
import { ownTokens } from './own-tokens.js';

/** How the values of one column come to the numbers behind them, null and missing tokens aside. */
export interface Code {
  /** `undefined` refuses a value; it is neither null nor absent. */
  readonly numberOf: (value: unknown) => number | undefined;
  /** The value of JSON that a cell of CSV is; `undefined` where its text is. */
  readonly valueOf: (text: string, decimal: Decimal) => CellValue | undefined;
  /** The number behind a value that the vocabulary holds: such a one is a value, even where its text stands for none elsewhere. */
  readonly known?: (value: unknown) => number | undefined;
  readonly toValue: (number: number) => CellValue;
}

/** The reader of a column whose values are others than the numbers behind them. */
export function codedReader(column: RawColumn, expected: string, code: Code, options: ReaderOptions): ColumnReader {
  const { numberOf, valueOf, known, toValue } = code;
  const nothing = column.nullable ? NaN : undefined;
  const isOwnToken = ownTokens(column);
  const isMissing = missingTest(column.missing ?? options.missing);
  const fromJson = (value: unknown): number | undefined => {
    const number = known?.(value);
    if (number !== undefined) return number;
    if (value === null || value === undefined || isOwnToken(value)) return nothing;
    return numberOf(value);
  };
  const toJson: ColumnReader['toJson'] = (text, decimal = '.') => {
    const value = valueOf(text, decimal) ?? text;
    return isMissing(text) && known?.(value) === undefined ? null : value;
  };
  return {
    expected,
    isFlat: false,
    fromJson,
    toJson,
    fromText: (text, decimal) => known?.(text) ?? fromJson(toJson(text, decimal)),
    toValue: (number) => (Number.isNaN(number) ? null : toValue(number)),
  };
}

/** What is so of each kind whose values are others than the numbers behind them. */
export const CODED = {
  isWhole: true,
  sqlType: 'DOUBLE',
  nearest: Math.round,
  sqlMisfit: ({ raw }) => `${raw} IS NOT NULL`,
  sqlOutside: () => [],
} as const satisfies Partial<ColumnKind>;
