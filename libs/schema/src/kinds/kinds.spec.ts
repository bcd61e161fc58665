import fc from 'fast-check';
import type { NumberColumn, RawColumn } from '../raw-schema.js';
import { COLUMN_TYPES, kindOf } from './index.js';
import { keepsLimits } from './kind.js';

const float = kindOf({ type: 'float' });
const integer = kindOf({ type: 'integer' });
const X: NumberColumn = { name: 'x', type: 'float', nullable: false };

describe('Kinds of columns', () => {
  it('are found by the type of a column', () => {
    const kinds = COLUMN_TYPES.map((type) => kindOf({ type }));
    expect(
      kinds.map(({ isWhole, datatype, sqlType, misfit }, i) => [COLUMN_TYPES[i], isWhole, datatype, sqlType, misfit]),
    ).toEqual([
      ['float', false, 'FP64', 'DOUBLE', 'not a number'],
      ['integer', true, 'INT64', 'DOUBLE', 'not a whole number'],
      ['boolean', true, 'BOOL', 'DOUBLE', 'neither true nor false'],
      ['category', true, 'BYTES', 'DOUBLE', 'not one of its values'],
      ['text', true, 'BYTES', 'DOUBLE', 'not a text that is known'],
      ['date', true, 'BYTES', 'DOUBLE', 'not a date written YYYY-MM-DD'],
      ['datetime', true, 'BYTES', 'DOUBLE', 'not a date and time of ISO 8601 with its zone'],
    ]);
  });

  it.each([
    [{}, 'a finite number', 'a whole number'],
    [{ minimum: 0 }, 'a finite number of at least 0', 'a whole number of at least 0'],
    [{ maximum: -1 }, 'a finite number of at most -1', 'a whole number of at most -1'],
    [{ minimum: 0, maximum: 100 }, 'a finite number from 0 to 100', 'a whole number from 0 to 100'],
    [{ nullable: true }, 'a finite number, or null', 'a whole number, or null'],
    [
      { minimum: 0, maximum: 0.5, nullable: true },
      'a finite number from 0 to 0.5, or null',
      'a whole number from 0 to 0.5, or null',
    ],
  ])('say what a value must be: %j', (rules, ofFloat, ofInteger) => {
    expect([float, integer].map((kind) => kind.expectation({ ...X, ...rules }))).toEqual([ofFloat, ofInteger]);
  });

  it.each<[Partial<RawColumn>, string]>([
    [{ type: 'boolean', nullable: true }, 'true or false, or null'],
    [{ type: 'category', codes: 'text', values: ['b', 'a"'] }, 'one of "b", "a\\""'],
    [{ type: 'category', codes: 'number', values: [1, 2.5], nullable: true }, 'one of 1, 2.5, or null'],
    [
      { type: 'category', codes: 'number', values: Array.from({ length: 11 }, (_, i) => i) },
      'one of 11 numbers, such as 0, 1, 2, 3, 4, 5, 6, 7, 8, 9',
    ],
    [{ type: 'category', codes: 'text', values: ['a'], unknown: 'other' }, 'a text'],
    [{ type: 'category', codes: 'number', values: [1], unknown: 'missing', nullable: true }, 'a number, or null'],
    [{ type: 'text', values: ['a'] }, 'a text'],
    [{ type: 'text', values: ['a'], unknown: 'error' }, 'one of "a"'],
    [{ type: 'date' }, 'a date written YYYY-MM-DD'],
    [{ type: 'datetime' }, 'a date and time with its zone, such as 2024-05-31T12:30:00Z'],
    [{ type: 'datetime', timezone: 'UTC' }, 'a date and time such as 2024-05-31T12:30:00'],
    [
      { type: 'date', format: '%d.%m.%Y', minimum: '1.1.2024', nullable: true },
      'a date such as 31.05.2024 (%d.%m.%Y) of at least 1.1.2024, or null',
    ],
    [
      { type: 'datetime', format: '%m/%d/%Y %I:%M %p', timezone: 'UTC' },
      'a date and time such as 05/31/2024 02:05 PM (%m/%d/%Y %I:%M %p)',
    ],
    [
      { type: 'datetime', format: 'epoch_seconds', minimum: 0 },
      'a whole number of seconds since 1970 in UTC, such as 1717164309 of at least 0',
    ],
  ])('say what a value must be: %j', (rules, expected) => {
    const column = { name: 'x', nullable: false, ...rules } as RawColumn;
    expect([kindOf(column).expectation(column), kindOf(column).reader(column).expected]).toEqual([expected, expected]);
  });

  it('accept the valid numbers', () => {
    const numbers = [0, -0, 1, 1.5, 100, 100.5, -1, NaN, Infinity, 1e300];
    const kept = (limits: Parameters<typeof keepsLimits>[0]): number[] =>
      numbers.filter((value) => keepsLimits(limits, value));
    expect(kept(float.limits(X))).toEqual([0, -0, 1, 1.5, 100, 100.5, -1, 1e300]);
    expect(kept(float.limits({ ...X, minimum: 0, maximum: 100 }))).toEqual([0, -0, 1, 1.5, 100]);
    expect(kept(integer.limits({ ...X, maximum: 100 }))).toEqual([0, -0, 1, 100, -1]);
    expect(kept(integer.limits({ ...X, nullable: true }))).toEqual([0, -0, 1, 100, -1, 1e300]);
  });

  it('describe invalid cells in SQL', () => {
    const cell = { value: 'x0', raw: 'raw0' };
    expect(float.sqlMisfit(cell)).toBe('raw0 IS NOT NULL');
    expect(integer.sqlMisfit(cell)).toBe('raw0 IS NOT NULL OR (isfinite(x0) AND x0 <> floor(x0))');
    expect(kindOf({ type: 'text' }).sqlMisfit(cell)).toBe('raw0 IS NOT NULL');
    expect(float.sqlOutside(X, 'x0')).toEqual([]);
    expect(float.sqlOutside({ ...X, minimum: 0.1, maximum: 9 }, 'x0')).toEqual([
      "x0 < '0.1'::DOUBLE",
      "x0 > '9'::DOUBLE",
    ]);
  });

  it.each([
    [{ minimum: 1, maximum: 9 }, [1, 5.5, 9], [1, 6, 9]],
    [{}, [-3, 0.375, 3], [-3, 0, 3]],
    [{ minimum: 10 }, [10, 13.375, 16], [10, 13, 16]],
  ])('have values in their range: %j', (range, floats, integers) => {
    const at = (kind: typeof float): number[] => [0, 0.5625, 1].map((share) => kind.valueAt({ ...X, ...range }, share));
    expect([at(float), at(integer)]).toEqual([floats, integers]);
  });

  it.each<[Partial<RawColumn>, string | undefined]>([
    [{ type: 'float', minimum: 2, maximum: 1 }, 'the minimum of "x" is above its maximum'],
    [{ type: 'float', minimum: 1, maximum: 1 }, undefined],
    [
      { type: 'category', codes: 'text', values: ['a'], unknown: 'missing' },
      '"x" takes unknown values for missing ones, but is not nullable',
    ],
    [
      { type: 'category', codes: 'number', values: [1, -9], missing: ['-9'] },
      '"x" has -9 among its values and stands it for missing; it is one or the other',
    ],
    [{ type: 'category', codes: 'text', values: ['NA', ''] }, undefined],
    [
      { type: 'datetime', timezone: 'Europe/Berlin' },
      'the timezone of "x" is "Europe/Berlin"; it may be UTC or a fixed offset such as +02:00',
    ],
    [{ type: 'datetime', timezone: '-0330' }, undefined],
    [
      { type: 'date', maximum: '2024-02-30' },
      'the maximum of "x" is "2024-02-30"; it must be a date written YYYY-MM-DD',
    ],
    [
      { type: 'datetime', minimum: '2024-02-01T00:00:00' },
      'the minimum of "x" is "2024-02-01T00:00:00"; it must be a date and time with its zone, such as 2024-05-31T12:30:00Z',
    ],
    [{ type: 'date', minimum: '2024-03-01', maximum: '2024-02-29' }, 'the minimum of "x" is above its maximum'],
    [{ type: 'date', minimum: '2024-03-01', maximum: '2024-03-01' }, undefined],
    [
      { type: 'date', format: '%d.%m.%Y', maximum: '2024-02-28' },
      'the maximum of "x" is "2024-02-28"; it must be a date such as 31.05.2024 (%d.%m.%Y)',
    ],
    [{ type: 'date', format: '%d.%m.%Y', minimum: '1.3.2024', maximum: '2.3.2024' }, undefined],
    [
      { type: 'datetime', format: '%d.%m.%Y %H:%M' },
      'the format of "x" has no zone (%z); say by timezone which its times are of, such as UTC or +02:00',
    ],
    [{ type: 'datetime', format: '%d.%m.%Y %H:%M %z' }, undefined],
    [
      { type: 'datetime', format: 'epoch_seconds', timezone: 'UTC' },
      '"x" counts from the epoch, which is of UTC; it has no timezone',
    ],
    [
      { type: 'date', format: '%e. %B' },
      'the format of "x" is "%e. %B"; %e is none of its parts, which are %Y or %y, %m or %b, %d, and of times %H, or %I with %p, %M, %S, %f and %z',
    ],
  ])('tell rules that contradict each other: %j', (rules, flaw) => {
    const column = { name: 'x', nullable: false, ...rules } as RawColumn;
    expect(kindOf(column).flaw(column)).toBe(flaw);
  });

  const text = fc.string({ unit: 'binary', maxLength: 5 });
  const names = fc.constantFrom('', '__proto__', 'constructor', 'toString', 'NA', '1', 'other');
  const values = fc.uniqueArray(fc.oneof(text, names), { minLength: 1, maxLength: 20 });
  const numbers = fc.uniqueArray(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    {
      minLength: 1,
      maxLength: 20,
      comparator: 'SameValueZero',
    },
  );
  const unknown = fc.constantFrom('error' as const, 'missing' as const, 'other' as const);
  const base = { name: fc.constant('x'), nullable: fc.constant(true) };
  const column: fc.Arbitrary<RawColumn> = fc.oneof(
    fc.record({ ...base, type: fc.constantFrom('float' as const, 'integer' as const) }),
    fc.record({ ...base, type: fc.constantFrom('boolean' as const, 'date' as const, 'datetime' as const) }),
    fc.record({
      ...base,
      type: fc.constant('date' as const),
      minimum: fc.constantFrom('0001-01-01', '2024-01-05'),
      maximum: fc.constantFrom('2024-01-05', '9999-12-31'),
    }),
    fc.record({ ...base, type: fc.constant('datetime' as const), maximum: fc.constant('1969-12-31T23:59:59Z') }),
    fc.record({
      ...base,
      type: fc.constant('date' as const),
      format: fc.constantFrom('%d.%m.%Y', '%m/%d/%y', '%Y%m%d', '%b %d, %Y', '%m/%Y'),
    }),
    fc.record({
      ...base,
      type: fc.constant('datetime' as const),
      format: fc.constantFrom('%d.%m.%Y %H', '%m/%d/%Y, %I:%M %p', '%Y-%m-%d %H:%M:%S.%f', '%d-%b-%y %H:%M %z'),
      timezone: fc.constantFrom('UTC', '+05:45', '-03:30'),
    }),
    fc.record({
      ...base,
      type: fc.constant('datetime' as const),
      format: fc.constantFrom('epoch_seconds', 'epoch_milliseconds'),
    }),
    fc.record({
      ...base,
      type: fc.constant('category' as const),
      codes: fc.constant('text' as const),
      values,
      unknown,
    }),
    fc.record({
      ...base,
      type: fc.constant('category' as const),
      codes: fc.constant('number' as const),
      values: numbers,
      unknown,
    }),
    fc.record({ ...base, type: fc.constant('text' as const), values, unknown }),
  );

  it('read every written value back as the same number, from JSON and from CSV', () => {
    fc.assert(
      fc.property(column, fc.double({ min: 0, max: 1, noNaN: true }), (one, share) => {
        const kind = kindOf(one);
        const reader = kind.reader(one);
        const number = kind.valueAt(one, share);
        const value = reader.toValue(number);
        expect([value, reader.fromJson(value), reader.fromText(String(value))]).toEqual([value, number, number]);
        expect([reader.toValue(NaN), reader.fromJson(null), reader.fromJson(undefined)]).toEqual([null, NaN, NaN]);
        if (kind.limits(one).minimum !== -1) return;
        const marked = kind.reader(one, { marksUnknown: true });
        expect([marked.fromJson(marked.toValue(-1)), marked.fromText(String(marked.toValue(-1)))]).toEqual([-1, -1]);
      }),
    );
  });

  it('reject values of other kinds, and null unless the column is nullable', () => {
    fc.assert(
      fc.property(column, fc.anything(), (one, value) => {
        const kind = kindOf(one);
        const [nullable, strict] = [true, false].map((isNullable) => kind.reader({ ...one, nullable: isNullable }));
        const number = nullable.fromJson(value);
        if (value === null || value === undefined) expect(strict.fromJson(value)).toBeUndefined();
        else expect(strict.fromJson(value)).toBe(number);
        if (number === undefined || Number.isNaN(number)) return;
        expect(keepsLimits(kind.limits(one), number)).toBe(true);
        const types =
          one.type === 'category' && one.codes === 'number'
            ? ['number', 'string']
            : [kind.jsonSchema(one).type.replace('integer', 'number')];
        expect(types).toContain(typeof value);
      }),
      { numRuns: 2_000 },
    );
  });
});
