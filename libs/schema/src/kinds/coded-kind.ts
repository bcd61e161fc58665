import { missingTest } from '../missing-tokens.js';
import type { CellValue, RawColumn } from '../raw-schema.js';
import type { ColumnKind, ColumnReader, Decimal, ReaderOptions } from './kind.js';
import { ownTokens } from './own-tokens.js';

/** The mapping between the values of a column and their numbers, apart from null and missing tokens. */
export interface Code {
  /** `undefined` rejects a value, which is neither null nor absent. */
  readonly numberOf: (value: unknown) => number | undefined;
  /** The JSON value of a CSV cell; `undefined` where it is the text itself. */
  readonly valueOf: (text: string, decimal: Decimal) => CellValue | undefined;
  /** The number of a value in the vocabulary, which takes precedence over missing tokens. */
  readonly known?: (value: unknown) => number | undefined;
  readonly toValue: (number: number) => CellValue;
}

/** Creates the reader of a column whose values are encoded as numbers. */
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

/** Common properties of the kinds whose values are encoded as numbers. */
export const CODED = {
  isWhole: true,
  sqlType: 'DOUBLE',
  nearest: Math.round,
  sqlMisfit: ({ raw }) => `${raw} IS NOT NULL`,
  sqlOutside: () => [],
} as const satisfies Partial<ColumnKind>;
