import type { DateColumn, DateTimeColumn } from '../raw-schema.js';
import { type Code, CODED, codedReader } from './coded-kind.js';
import { DAY, dateFromText, dateToText, offsetOf, timeFromText, timeToText } from './iso-time.js';
import type { ColumnKind } from './kind.js';
import { orNull } from './or-null.js';

/** Where values for documentation and proof lie when nothing else is known: the 10,000 days from 2000 on. */
const [FIRST_DAY, DAYS] = [10_957, 10_000];
const dayAt = (share: number): number => FIRST_DAY + Math.floor(share * (DAYS - 1));

function codeOf(parse: (text: string) => number | undefined, toValue: Code['toValue']): Code {
  return {
    numberOf: (value) => (typeof value === 'string' ? parse(value) : undefined),
    valueOf: (text) => (parse(text.trim()) === undefined ? undefined : text.trim()),
    toValue,
  };
}

const DATE_CODE = codeOf(dateFromText, dateToText);

const limits = ({ nullable }: { readonly nullable: boolean }): ReturnType<ColumnKind['limits']> => ({
  minimum: -Infinity,
  maximum: Infinity,
  isWhole: true,
  nullable,
});

const dateExpectation = (column: DateColumn): string => orNull('a date written YYYY-MM-DD', column);

/** Days: microseconds from the epoch to their start in UTC. */
export const dateKind: ColumnKind<DateColumn> = {
  ...CODED,
  datatype: 'BYTES',
  misfit: 'not a date written YYYY-MM-DD',
  expectation: dateExpectation,
  flaw: () => undefined,
  limits,
  jsonSchema: ({ nullable, description, example }) => ({
    type: 'string',
    format: 'date',
    nullable,
    description,
    example,
  }),
  reader: (column, options = {}) => codedReader(column, dateExpectation(column), DATE_CODE, options),
  valueAt: (_, share) => dayAt(share) * DAY,
};

function timeExpectation(column: DateTimeColumn): string {
  const example =
    column.timezone === undefined ? 'with its zone, such as 2024-05-31T12:30:00Z' : 'such as 2024-05-31T12:30:00';
  return orNull(`a date and time ${example}`, column);
}

/** Moments: microseconds since the epoch. */
export const dateTimeKind: ColumnKind<DateTimeColumn> = {
  ...CODED,
  datatype: 'BYTES',
  misfit: 'not a date and time of ISO 8601 with its zone',
  expectation: timeExpectation,
  flaw: ({ name, timezone }) =>
    timezone !== undefined && offsetOf(timezone) === undefined
      ? `the timezone of "${name}" is "${timezone}"; it may be UTC or a fixed offset such as +02:00`
      : undefined,
  limits,
  // Not `date-time` where times may come without a zone: RFC 3339 wants one.
  jsonSchema: ({ timezone, nullable, description, example }) => ({
    type: 'string',
    ...(timezone === undefined && { format: 'date-time' }),
    nullable,
    description,
    example,
  }),
  reader: (column, options = {}) => {
    const offset = column.timezone === undefined ? undefined : offsetOf(column.timezone);
    const code = codeOf((text) => timeFromText(text, offset), timeToText);
    return codedReader(column, timeExpectation(column), code, options);
  },
  valueAt: (_, share) => dayAt(share) * DAY + Math.floor(share * 86_399) * 1_000_000,
};
