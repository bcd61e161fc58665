import type { ColumnKind, ColumnRules, JsonSchema, SqlCell } from './kind.js';
import { numberFromText, sqlNumberFromText } from './number-text.js';
import { sqlNumber } from './sql-number.js';

/** What kinds of numbers differ in. */
export interface NumericFacts extends Pick<ColumnKind, 'isWhole' | 'datatype' | 'misfit' | 'nearest'> {
  /** What a value is called. */
  readonly noun: string;
  readonly jsonType: JsonSchema['type'];
  /** SQL, true of a number that is no value of the kind. */
  readonly sqlUnfit?: (value: string) => string;
}

function rangeInWords({ minimum, maximum }: ColumnRules): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

/** A kind whose values are the numbers behind them. */
export function numericKind(facts: NumericFacts): ColumnKind {
  const { isWhole, datatype, misfit, nearest, noun, jsonType, sqlUnfit } = facts;
  return {
    isWhole,
    datatype,
    sqlType: 'DOUBLE',
    misfit,
    expectation: (column) => `${noun}${rangeInWords(column)}${column.nullable ? ', or null' : ''}`,
    flaw: ({ name, minimum = -Infinity, maximum = Infinity }) =>
      minimum > maximum ? `the minimum of "${name}" is above its maximum` : undefined,
    limits: ({ minimum = -Infinity, maximum = Infinity, nullable }) => ({ minimum, maximum, isWhole, nullable }),
    jsonSchema: ({ minimum, maximum, nullable, description, example }) => ({
      type: jsonType,
      minimum,
      maximum,
      nullable,
      description,
      example,
    }),
    fromJson: (value) => value ?? NaN,
    fromText: numberFromText,
    nearest,
    valueAt: ({ minimum = -3, maximum = minimum + 6 }, share) => nearest(minimum + share * (maximum - minimum)),
    sqlFromText: sqlNumberFromText,
    sqlLiteral: (value) => sqlNumber(Number(value)),
    sqlMisfit: ({ value, raw }: SqlCell) =>
      `${raw} IS NOT NULL${sqlUnfit ? ` OR (isfinite(${value}) AND ${sqlUnfit(value)})` : ''}`,
    sqlOutside: ({ minimum, maximum }, value) => [
      ...(minimum === undefined ? [] : [`${value} < ${sqlNumber(minimum)}`]),
      ...(maximum === undefined ? [] : [`${value} > ${sqlNumber(maximum)}`]),
    ],
  };
}
