import { missingTest } from '../missing-tokens.js';
import type { CellValue, NumberColumn } from '../raw-schema.js';
import { type ColumnKind, type ColumnReader, type JsonSchema, keepsLimits, type ReaderOptions } from './kind.js';
import { numberFromText, sqlNumberFromText } from './number-text.js';
import { ownTokens } from './own-tokens.js';
import { orNull } from './or-null.js';
import { rangeInWords } from './range-in-words.js';
import { sqlNumber } from './sql-number.js';

/** The properties in which kinds of numbers differ. */
export interface NumericFacts extends Pick<ColumnKind, 'isWhole' | 'datatype' | 'misfit' | 'nearest'> {
  /** Describes a value in messages. */
  readonly noun: string;
  readonly jsonType: JsonSchema['type'];
  /** SQL condition of numbers that are invalid for the kind. */
  readonly sqlUnfit?: (value: string) => string;
}

const asNumbers = (tokens: readonly string[] = []): Set<number> =>
  new Set(tokens.flatMap((token) => numberFromText(token.trim(), '.') ?? []));

/** Creates a kind whose values are stored as they are. */
export function numericKind(facts: NumericFacts): ColumnKind<NumberColumn> {
  const { isWhole, datatype, misfit, nearest, noun, jsonType, sqlUnfit } = facts;
  const expectation = (column: NumberColumn): string => orNull(`${noun}${rangeInWords(column)}`, column);
  const limits: ColumnKind<NumberColumn>['limits'] = ({ minimum = -Infinity, maximum = Infinity, nullable }) => ({
    minimum,
    maximum,
    isWhole,
    nullable,
  });

  function reader(column: NumberColumn, { missing = column.missing }: ReaderOptions = {}): ColumnReader {
    const bounds = limits(column);
    const nothing = column.nullable ? NaN : undefined;
    const isOwnToken = ownTokens(column);
    const ownNumbers = asNumbers(column.missing);
    const tokens = column.missing ?? missing;
    const isMissing = missingTest(tokens);
    const mayBeNumeric = asNumbers(tokens).size > 0;
    const fromJson = (value: unknown): number | undefined => {
      if (typeof value === 'number') {
        if (ownNumbers.size > 0 && ownNumbers.has(value)) return nothing;
        return keepsLimits(bounds, value) ? value : undefined;
      }
      return value === null || value === undefined || isOwnToken(value) ? nothing : undefined;
    };
    const toJson: ColumnReader['toJson'] = (cell, decimal = '.') => {
      const text = cell.trim();
      const value = numberFromText(text, decimal);
      if (value !== undefined && !(mayBeNumeric && isMissing(text))) return value;
      return isMissing(text) ? null : cell;
    };
    return {
      expected: expectation(column),
      isFlat: ownNumbers.size === 0,
      fromJson,
      toJson,
      fromText: (text, decimal) => fromJson(toJson(text, decimal)),
      toValue: (number): CellValue => (Number.isNaN(number) ? null : number),
    };
  }

  return {
    isWhole,
    datatype,
    sqlType: 'DOUBLE',
    misfit,
    expectation,
    flaw: ({ name, minimum = -Infinity, maximum = Infinity }) =>
      minimum > maximum ? `the minimum of "${name}" is above its maximum` : undefined,
    limits,
    jsonSchema: ({ minimum, maximum, nullable, description, example }) => ({
      type: jsonType,
      minimum,
      maximum,
      nullable,
      description,
      example,
    }),
    reader,
    nearest,
    valueAt: ({ minimum = -3, maximum = minimum + 6 }, share) => nearest(minimum + share * (maximum - minimum)),
    sqlFromText: sqlNumberFromText,
    sqlMisfit: ({ value, raw }) =>
      `${raw} IS NOT NULL${sqlUnfit ? ` OR (isfinite(${value}) AND ${sqlUnfit(value)})` : ''}`,
    sqlOutside: ({ minimum, maximum }, value) => [
      ...(minimum === undefined ? [] : [`${value} < ${sqlNumber(minimum)}`]),
      ...(maximum === undefined ? [] : [`${value} > ${sqlNumber(maximum)}`]),
    ],
  };
}
