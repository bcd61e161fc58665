import type { CellValue, DateColumn, DateTimeColumn } from '../raw-schema.js';
import { type Code, CODED, codedReader } from './coded-kind.js';
import { DAY, dateFromText, dateToText, offsetOf, timeFromText, timeToText } from './iso-time.js';
import { type ColumnKind, keepsLimits, type NumberLimits } from './kind.js';
import { numberFromText } from './number-text.js';
import { orNull } from './or-null.js';
import { rangeInWords } from './range-in-words.js';
import { sqlNumber } from './sql-number.js';
import { timeFormat } from './time-format.js';

type TemporalColumn = DateColumn | DateTimeColumn;

/** Default range of example values for documentation and proof: the 10,000 days from 2000 on. */
const [FIRST_DAY, DAYS] = [10_957, 10_000];
const SECOND = 1_000_000;
/** 2024-05-31T14:05:09.25Z, the example time of messages. */
const SHOWN = 1_717_164_309_250_000;
/** The years 0 to 9999. */
const [FIRST, LAST] = [-62_167_219_200 * SECOND, 253_402_300_800 * SECOND - 1];

/** The representation of a column's values. */
interface Writing {
  readonly noun: string;
  /** Microseconds since the epoch; `undefined` for an invalid value. */
  readonly parse: (value: unknown) => number | undefined;
  /** The JSON value of a CSV cell; absent: its trimmed text. */
  readonly ofCell?: Code['valueOf'];
  readonly write: (microseconds: number) => CellValue;
  /** As `write`, without loss, for a time that may have no zone. */
  readonly ofMoment: (microseconds: number, isNaive: boolean) => CellValue;
}

/** The properties in which kinds of times differ. */
interface TemporalFacts<Column extends TemporalColumn> extends Pick<
  ColumnKind<Column>,
  'misfit' | 'flaw' | 'jsonSchema' | 'datatype'
> {
  readonly writing: (column: Column) => Writing;
  /** All values are a whole number of these. */
  readonly unit: number;
}

/** Creates a kind whose values are stored as microseconds since the epoch. */
function temporalKind<Column extends TemporalColumn>(facts: TemporalFacts<Column>): ColumnKind<Column> {
  const { misfit, flaw, jsonSchema, datatype, writing, unit } = facts;
  const limits = (column: Column): NumberLimits => {
    const { parse } = writing(column);
    return {
      minimum: parse(column.minimum) ?? -Infinity,
      maximum: parse(column.maximum) ?? Infinity,
      isWhole: true,
      nullable: column.nullable,
    };
  };
  const expectation = (column: Column): string => orNull(`${writing(column).noun}${rangeInWords(column)}`, column);
  return {
    ...CODED,
    datatype,
    misfit,
    expectation,
    flaw: (column) => {
      const own = flaw(column);
      if (own !== undefined) return own;
      const { name } = column;
      const { parse, noun } = writing(column);
      for (const end of ['minimum', 'maximum'] as const) {
        const bound = column[end];
        if (bound !== undefined && parse(bound) === undefined)
          return `the ${end} of "${name}" is "${bound}"; it must be ${noun}`;
      }
      const { minimum, maximum } = limits(column);
      return minimum > maximum ? `the minimum of "${name}" is above its maximum` : undefined;
    },
    limits,
    jsonSchema,
    reader: (column, options = {}) => {
      const { parse, ofCell, write, ofMoment } = writing(column);
      const bounds = limits(column);
      const code: Code = {
        numberOf: (value) => {
          const number = parse(value);
          return number !== undefined && keepsLimits(bounds, number) ? number : undefined;
        },
        valueOf: ofCell ?? ((text) => (parse(text.trim()) === undefined ? undefined : text.trim())),
        toValue: write,
      };
      return { ...codedReader(column, expectation(column), code, options), ofMoment };
    },
    valueAt: (column, share) => {
      const { minimum, maximum } = limits(column);
      const first = Number.isFinite(minimum)
        ? minimum
        : Math.min(FIRST_DAY * DAY, Number.isFinite(maximum) ? maximum : Infinity);
      const last = Number.isFinite(maximum) ? maximum : Math.max((FIRST_DAY + DAYS) * DAY - unit, first);
      const { parse, write } = writing(column);
      return parse(write(first + Math.floor((share * (last - first)) / unit) * unit))!;
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

const ofText =
  (parse: (text: string) => number | undefined): Writing['parse'] =>
  (value) =>
    typeof value === 'string' ? parse(value) : undefined;

const zoneOf = ({ timezone }: { readonly timezone?: string }): number | undefined =>
  timezone === undefined ? undefined : offsetOf(timezone);

const zoneFlaw = ({ name, timezone }: DateTimeColumn): string | undefined =>
  timezone !== undefined && offsetOf(timezone) === undefined
    ? `the timezone of "${name}" is "${timezone}"; it may be UTC or a fixed offset such as +02:00`
    : undefined;

const DATE: Writing = {
  noun: 'a date written YYYY-MM-DD',
  parse: ofText(dateFromText),
  write: dateToText,
  ofMoment: dateToText,
};

/** Days: microseconds from the epoch to their start in UTC. */
export const dateKind: ColumnKind<DateColumn> = temporalKind({
  datatype: 'BYTES',
  misfit: 'not a date written YYYY-MM-DD',
  flaw: () => undefined,
  jsonSchema: ({ nullable, description, example }) => ({
    type: 'string',
    format: 'date',
    nullable,
    description,
    example,
  }),
  writing: () => DATE,
  unit: DAY,
});

/** Moments: microseconds since the epoch. */
export const dateTimeKind: ColumnKind<DateTimeColumn> = temporalKind({
  datatype: 'BYTES',
  misfit: 'not a date and time of ISO 8601 with its zone',
  flaw: zoneFlaw,
  // Not `date-time` where times may have no zone: RFC 3339 requires one.
  jsonSchema: ({ timezone, nullable, description, example }) => ({
    type: 'string',
    ...(timezone === undefined && { format: 'date-time' }),
    nullable,
    description,
    example,
  }),
  writing: (column) => {
    const offset = zoneOf(column);
    return {
      noun: `a date and time ${column.timezone === undefined ? 'with its zone, such as 2024-05-31T12:30:00Z' : 'such as 2024-05-31T12:30:00'}`,
      parse: ofText((text) => timeFromText(text, offset)),
      write: timeToText,
      ofMoment: (microseconds, isNaive) =>
        isNaive ? timeToText(microseconds).replace('Z', '') : timeToText(microseconds),
    };
  },
  unit: SECOND,
});

/** Completes a column's own description, if any, by the format of its values. */
const described = (noun: string, description: string | undefined): string =>
  description === undefined ? noun[0].toUpperCase() + noun.slice(1) : `${description}; ${noun}`;

/** Times that are written as a whole number of units, each of `unit` microseconds, since the epoch. */
function epochKind(name: string, unit: number): ColumnKind<DateTimeColumn> {
  const noun = `a whole number of ${name} since 1970 in UTC, such as ${Math.floor(SHOWN / unit)}`;
  const parse = (value: unknown): number | undefined => {
    const microseconds = Number.isInteger(value) ? (value as number) * unit : NaN;
    return microseconds >= FIRST && microseconds <= LAST ? microseconds : undefined;
  };
  const write = (microseconds: number): number => Math.floor(microseconds / unit);
  const writing: Writing = {
    noun,
    parse,
    ofCell: (text, decimal) => numberFromText(text.trim(), decimal),
    write,
    ofMoment: write,
  };
  return temporalKind({
    datatype: 'INT64',
    misfit: `not ${noun}`,
    flaw: ({ name: column, timezone }) =>
      timezone === undefined ? undefined : `"${column}" counts from the epoch, which is of UTC; it has no timezone`,
    jsonSchema: ({ minimum, maximum, nullable, description, example }) => ({
      type: 'integer',
      minimum: minimum as number | undefined,
      maximum: maximum as number | undefined,
      nullable,
      description: described(noun, description),
      example: example ?? write(SHOWN),
    }),
    writing: () => writing,
    unit,
  });
}

const EPOCHS: ReadonlyMap<string, ColumnKind<DateTimeColumn>> = new Map([
  ['epoch_seconds', epochKind('seconds', SECOND)],
  ['epoch_milliseconds', epochKind('milliseconds', 1_000)],
]);

/**
 * Creates the kind of dates or times in a format other than ISO 8601.
 *
 * @param pattern `epoch_seconds`, `epoch_milliseconds`, or a strptime format such as `%d.%m.%Y`
 */
export function writtenKind(type: TemporalColumn['type'], pattern: string): ColumnKind<TemporalColumn> {
  const isDate = type === 'date';
  const epoch = EPOCHS.get(pattern);
  if (epoch && !isDate) return epoch as ColumnKind<TemporalColumn>;
  const format = timeFormat(pattern, isDate);
  const plain = (isDate ? dateKind : dateTimeKind) as ColumnKind<TemporalColumn>;
  if (typeof format === 'string')
    return { ...plain, flaw: ({ name }) => `the format of "${name}" is "${pattern}"; ${format}` };
  const noun = `a date${isDate ? '' : ' and time'} such as ${format.write(SHOWN)} (${pattern})`;
  return temporalKind<TemporalColumn>({
    datatype: 'BYTES',
    misfit: `not ${noun}`,
    flaw: (column) => {
      if (column.type === 'date') return undefined;
      return column.timezone === undefined && !format.hasZone
        ? `the format of "${column.name}" has no zone (%z); say by timezone which its times are of, such as UTC or +02:00`
        : zoneFlaw(column);
    },
    jsonSchema: ({ nullable, description, example }) => ({
      type: 'string',
      nullable,
      description: described(noun, description),
      example: example ?? format.write(SHOWN),
    }),
    writing: (column) => {
      const offset = zoneOf(column as DateTimeColumn);
      const parse = ofText((text) => format.parse(text, offset));
      const write = (microseconds: number): string => format.write(microseconds, offset);
      return {
        noun,
        parse,
        write,
        ofMoment: (microseconds, isNaive) => {
          // NaN where the zone is unknown.
          const moment = isNaive && !isDate ? microseconds - (offset ?? NaN) : microseconds;
          const text = Number.isNaN(moment) ? '' : write(moment);
          // A time that the format cannot represent exactly is written in ISO 8601, so that it is rejected as it is.
          return parse(text) === moment ? text : plain.reader(column).ofMoment!(microseconds, isNaive);
        },
      };
    },
    unit: isDate ? DAY : SECOND,
  });
}
