import fc from 'fast-check';
import type { DateTimeColumn, RawColumn } from '../raw-schema.js';
import { kindOf } from './index.js';
import { DAY } from './iso-time.js';

const readerOf = (column: Partial<RawColumn>, missing?: readonly string[]) => {
  const whole = { name: 'x', nullable: true, ...column } as RawColumn;
  return kindOf(whole).reader(whole, { missing });
};

describe('The reader of numbers', () => {
  const { toJson } = readerOf({ type: 'float' });

  it('reads cells of CSV, blanks around them aside', () => {
    const cells = ['5', ' -0.5 ', '+.5', '5.', '1e3', '1E-3', '007', '1e999'];
    expect(cells.map((cell) => toJson(cell))).toEqual([5, -0.5, 0.5, 5, 1000, 0.001, 7, Infinity]);
    expect(['5', '-0,5', ',5', '1,5e3', '1.5', '1,5,2'].map((cell) => toJson(cell, ','))).toEqual([
      5,
      -0.5,
      0.5,
      1500,
      '1.5',
      '1,5,2',
    ]);
  });

  it('takes texts that stand for no value for null', () => {
    expect(['', ' ', 'NA', 'nan', '#N/A', 'None'].map((cell) => toJson(cell))).toEqual(Array(6).fill(null));
    const named = readerOf({ type: 'float' }, ['?', '-999']);
    expect(['?', '-999', '', 'NA', '5'].map((cell) => named.toJson(cell))).toEqual([null, null, '', 'NA', 5]);
    expect([named.fromJson(-999), named.fromJson('?'), named.isFlat]).toEqual([-999, undefined, true]);
  });

  it('takes those of its column for null in every format', () => {
    const own = readerOf({ type: 'integer', missing: ['?', '-999'] }, ['NA']);
    expect(['?', '-999.0', '-999', 'NA', '5'].map((cell) => own.fromText(cell))).toEqual([NaN, NaN, NaN, undefined, 5]);
    expect(['?', -999, '-999', '5', 5].map(own.fromJson)).toEqual([NaN, NaN, NaN, undefined, 5]);
    expect([own.isFlat, readerOf({ type: 'float', missing: ['?'] }).isFlat]).toEqual([false, true]);
  });

  it('leaves other texts as they are', () => {
    const texts = ['abc', '1x', '0x10', '1,5', '1.5.5', '1e', '-', '--1', '+', '.', 'e5', 'Infinity', '1 5', '١'];
    expect(texts.map((cell) => toJson(cell))).toEqual(texts);
  });
});

describe('The reader of booleans', () => {
  it('reads them from JSON only as such, and from CSV as languages write them', () => {
    const { fromJson, fromText } = readerOf({ type: 'boolean' });
    expect([true, false, null, 1, 0, 'true', '1'].map(fromJson)).toEqual([1, 0, NaN, ...Array<undefined>(4)]);
    const texts = ['true', 'True', 'TRUE', ' 1 ', 'false', 'False', 'FALSE', '0', 'NA', 'yes', 'tRUE', '1.0', 't'];
    expect(texts.map((text) => fromText(text))).toEqual([1, 1, 1, 1, 0, 0, 0, 0, NaN, ...Array<undefined>(4)]);
  });
});

describe('The reader of dates', () => {
  const { fromJson, fromText, toValue } = readerOf({ type: 'date' });

  it('takes those within their limits, which are dates too, and says so', () => {
    const column = { type: 'date', minimum: '2024-02-28', maximum: '2024-03-01' } as const;
    const { fromJson: take, fromText: read, expected } = readerOf(column);
    expect(
      ['2024-02-27', '2024-02-28', '2024-02-29', '2024-03-01', '2024-03-02'].map((day) => take(day) !== undefined),
    ).toEqual([false, true, true, true, false]);
    expect(read('2024-03-02')).toBeUndefined();
    expect(expected).toBe('a date written YYYY-MM-DD from 2024-02-28 to 2024-03-01, or null');
    const later = readerOf({ type: 'datetime', timezone: '+02:00', minimum: '2024-01-01T00:00:00' });
    expect([later.fromJson('2023-12-31T21:59:59Z'), later.fromJson('2023-12-31T22:00:00Z')]).toEqual([
      undefined,
      Date.UTC(2023, 11, 31, 22) * 1_000,
    ]);
  });

  it('reads days as microseconds since the epoch', () => {
    expect(['1970-01-01', '1970-01-02', '1969-12-31', '2024-02-29', '0001-01-01', '9999-12-31'].map(fromJson)).toEqual([
      0,
      DAY,
      -DAY,
      19_782 * DAY,
      -719_162 * DAY,
      2_932_896 * DAY,
    ]);
    expect([fromText(' 1970-01-02 '), fromText('NA'), toValue(DAY), toValue(NaN)]).toEqual([
      DAY,
      NaN,
      '1970-01-02',
      null,
    ]);
  });

  it.each(['2023-02-29', '2024-13-01', '2024-00-01', '2024-04-31', '1900-02-29', '2024-1-1', '01/02/2024', '20240101'])(
    'refuses %s',
    (text) => expect([fromJson(text), fromText(text)]).toEqual([undefined, undefined]),
  );

  it.each([' 2024-01-01', '2024-01-01T00:00:00Z', '', 0, 1.5, true, new Date(0), {}])('refuses %j in JSON', (value) =>
    expect(fromJson(value)).toBeUndefined(),
  );

  it('reads every day as Date does', () => {
    const day = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(day, (date) => {
        const text = date.toISOString().slice(0, 10);
        expect([fromJson(text), toValue(fromJson(text)!)]).toEqual([Date.parse(text) * 1000, text]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('The reader of moments', () => {
  const column: DateTimeColumn = { name: 'x', type: 'datetime', nullable: true };
  const { fromJson, fromText, toValue } = kindOf(column).reader(column);

  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01 00:01Z', 60_000_000],
    ['1970-01-01T01:00:00+01:00', 0],
    ['1970-01-01T01:00:00+0100', 0],
    ['1969-12-31T20:30:00-03:30', 0],
    ['1969-12-31T23:00:00.5-01', 500_000],
    ['1970-01-01T00:00:00.000001Z', 1],
    ['1969-12-31T23:59:59.9999999Z', -1],
  ])('reads %s', (text, microseconds) =>
    expect([fromJson(text), fromText(` ${text} `)]).toEqual([microseconds, microseconds]),
  );

  it.each([
    '1970-01-01T24:00:00Z',
    '1970-01-01T00:60:00Z',
    '1970-01-01T00:00:60Z',
    '1970-02-30T00:00:00Z',
    '1970-01-01',
  ])('refuses %s, with a zone of the column or without', (text) => {
    const zoned = readerOf({ ...column, timezone: 'UTC' });
    expect([fromJson(text), zoned.fromJson(text)]).toEqual([undefined, undefined]);
  });

  it('reads times without a zone where the column has one, and others by their own', () => {
    const text = '1970-01-01T00:00:00';
    expect(fromJson(text)).toBeUndefined();
    expect(['UTC', '+02:00', '-0330'].map((timezone) => readerOf({ ...column, timezone }).fromJson(text))).toEqual([
      0,
      -2 * 3600 * 1_000_000,
      3.5 * 3600 * 1_000_000,
    ]);
    expect(readerOf({ ...column, timezone: '+02:00' }).fromJson(`${text}Z`)).toBe(0);
  });

  it('gives back each microsecond', () => {
    const [from, to] = ['0000-01-01T00:00:00Z', '2200-01-01T00:00:00Z'].map((text) => Date.parse(text) * 1000);
    fc.assert(
      fc.property(fc.integer({ min: from, max: to }), (microseconds) => {
        expect(fromJson(toValue(microseconds))).toBe(microseconds);
      }),
      { numRuns: 2_000 },
    );
    expect([0, 1, 1_000, -1].map(toValue)).toEqual([
      '1970-01-01T00:00:00Z',
      '1970-01-01T00:00:00.000001Z',
      '1970-01-01T00:00:00.001Z',
      '1969-12-31T23:59:59.999999Z',
    ]);
  });
});
