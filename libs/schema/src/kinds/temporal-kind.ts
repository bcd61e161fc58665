import type { DateColumn, DateTimeColumn } from '../raw-schema.js';
import { type Code, CODED, codedReader } from './coded-kind.js';
import { DAY, dateFromText, dateToText, offsetOf, timeFromText, timeToText } from './iso-time.js';
import { type ColumnKind, keepsLimits, type NumberLimits } from './kind.js';
import { orNull } from './or-null.js';
import { rangeInWords } from './range-in-words.js';
import { sqlNumber } from './sql-number.js';

/** Where values for documentation and proof lie when nothing else is known: the 10,000 days from 2000 on. */
const [FIRST_DAY, DAYS] = [10_957, 10_000];

type Parse = (text: string) => number | undefined;

function codeOf(parse: Parse, limits: NumberLimits, toValue: Code['toValue']): Code {
  return {
    numberOf: (value) => {
      const number = typeof value === 'string' ? parse(value) : undefined;
      return number !== undefined && keepsLimits(limits, number) ? number : undefined;
    },
    valueOf: (text) => (parse(text.trim()) === undefined ? undefined : text.trim()),
    toValue,
  };
}

/** What both kinds differ in. */
interface TemporalFacts<Column extends DateColumn | DateTimeColumn> extends Pick<
  ColumnKind<Column>,
  'misfit' | 'flaw' | 'jsonSchema'
> {
  /** What a value is called, how it is written. */
  readonly noun: (column: Column) => string;
  readonly parse: (column: Column) => Parse;
  readonly toText: (number: number) => string;
  /** All values are a whole number of these. */
  readonly unit: number;
}

/** A kind whose values are texts that stand for microseconds since the epoch. */
function temporalKind<Column extends DateColumn | DateTimeColumn>({
  misfit,
  flaw,
  jsonSchema,
  noun,
  parse,
  toText,
  unit,
}: TemporalFacts<Column>): ColumnKind<Column> {
  const limits = (column: Column): NumberLimits => ({
    minimum: (column.minimum === undefined ? undefined : parse(column)(column.minimum)) ?? -Infinity,
    maximum: (column.maximum === undefined ? undefined : parse(column)(column.maximum)) ?? Infinity,
    isWhole: true,
    nullable: column.nullable,
  });
  const expectation = (column: Column): string => orNull(`${noun(column)}${rangeInWords(column)}`, column);
  return {
    ...CODED,
    datatype: 'BYTES',
    misfit,
    expectation,
    flaw: (column) => {
      const own = flaw(column);
      if (own !== undefined) return own;
      const { name } = column;
      for (const end of ['minimum', 'maximum'] as const) {
        const text = column[end];
        if (text !== undefined && parse(column)(text) === undefined)
          return `the ${end} of "${name}" is "${text}"; it must be ${noun(column)}`;
      }
      const { minimum, maximum } = limits(column);
      return minimum > maximum ? `the minimum of "${name}" is above its maximum` : undefined;
    },
    limits,
    jsonSchema,
    reader: (column, options = {}) =>
      codedReader(column, expectation(column), codeOf(parse(column), limits(column), toText), options),
    valueAt: (column, share) => {
      const { minimum, maximum } = limits(column);
      const first = Number.isFinite(minimum)
        ? minimum
        : Math.min(FIRST_DAY * DAY, Number.isFinite(maximum) ? maximum : Infinity);
      const last = Number.isFinite(maximum) ? maximum : Math.max((FIRST_DAY + DAYS) * DAY - unit, first);
      return first + Math.floor((share * (last - first)) / unit) * unit;
    },
    sqlOutside: (column, value) => {
      const { minimum, maximum } = limits(column);
      return [
        ...(minimum === -Infinity ? [] : [`${value} < ${sqlNumber(minimum)}`]),
        ...(maximum === Infinity ? [] : [`${value} > ${sqlNumber(maximum)}`]),
      ];
    },
  };
}

/** Days: microseconds from the epoch to their start in UTC. */
export const dateKind: ColumnKind<DateColumn> = temporalKind({
  misfit: 'not a date written YYYY-MM-DD',
  flaw: () => undefined,
  jsonSchema: ({ nullable, description, example }) => ({
    type: 'string',
    format: 'date',
    nullable,
    description,
    example,
  }),
  noun: () => 'a date written YYYY-MM-DD',
  parse: () => dateFromText,
  toText: dateToText,
  unit: DAY,
});

/** Moments: microseconds since the epoch. */
export const dateTimeKind: ColumnKind<DateTimeColumn> = temporalKind({
  misfit: 'not a date and time of ISO 8601 with its zone',
  flaw: ({ name, timezone }) =>
    timezone !== undefined && offsetOf(timezone) === undefined
      ? `the timezone of "${name}" is "${timezone}"; it may be UTC or a fixed offset such as +02:00`
      : undefined,
  // Not `date-time` where times may come without a zone: RFC 3339 wants one.
  jsonSchema: ({ timezone, nullable, description, example }) => ({
    type: 'string',
    ...(timezone === undefined && { format: 'date-time' }),
    nullable,
    description,
    example,
  }),
  noun: ({ timezone }) =>
    `a date and time ${timezone === undefined ? 'with its zone, such as 2024-05-31T12:30:00Z' : 'such as 2024-05-31T12:30:00'}`,
  parse: ({ timezone }) => {
    const offset = timezone === undefined ? undefined : offsetOf(timezone);
    return (text) => timeFromText(text, offset);
  },
  toText: timeToText,
  unit: 1_000_000,
});
