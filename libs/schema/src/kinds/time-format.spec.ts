import fc from 'fast-check';
import type { DateColumn, DateTimeColumn } from '../raw-schema.js';
import { kindOf } from './index.js';
import { type TimeFormat, timeFormat } from './time-format.js';

const readerOf = (column: Omit<DateColumn, 'name' | 'nullable'> | Omit<DateTimeColumn, 'name' | 'nullable'>) => {
  const whole = { name: 'x', nullable: true, ...column };
  return kindOf(whole).reader(whole);
};
const microseconds = (iso: string): number => Date.parse(iso) * 1000;

describe('Dates and times in a format of their own', () => {
  it.each([
    ['date', '%d.%m.%Y', '20.12.2023', '2023-12-20'],
    ['date', '%d.%m.%Y', '3.2.2023', '2023-02-03'],
    ['date', '%m/%d/%Y', '3/2/2023', '2023-03-02'],
    ['date', '%Y%m%d', '20240229', '2024-02-29'],
    ['date', '%d-%b-%y', '31-dec-69', '1969-12-31'],
    ['date', '%d-%b-%y', '01-January-68', '2068-01-01'],
    ['date', '%b %d, %Y', 'May 5, 2024', '2024-05-05'],
    ['date', '%m/%Y', '2/2024', '2024-02-01'],
    ['date', '100%% (%d.%m.%Y)', '100% (01.02.2024)', '2024-02-01'],
    ['datetime', '%Y-%m-%d %H:%M', '2023-12-20 14:05', '2023-12-20T14:05Z'],
    ['datetime', '%m/%d/%Y %I:%M %p', '12/31/2023 11:59 PM', '2023-12-31T23:59Z'],
    ['datetime', '%m/%d/%Y %I:%M %p', '1/1/2024 12:00 am', '2024-01-01T00:00Z'],
    ['datetime', '%m/%d/%Y %I:%M %p', '1/1/2024 12:00 PM', '2024-01-01T12:00Z'],
    ['datetime', '%d.%m.%Y %H:%M:%S.%f', '1.2.2024 3:04:05.6', '2024-02-01T03:04:05.600Z'],
    ['datetime', '%d.%m.%Y %H:%M %z', '1.2.2024 00:30 +0200', '2024-01-31T22:30Z'],
    ['datetime', '%d.%m.%Y %H:%M%z', '1.2.2024 00:30z', '2024-02-01T00:30Z'],
  ] as const)('reads a %s written %s: %s', (type, format, text, iso) => {
    const { fromJson, fromText } = readerOf({ type, format, ...(type === 'datetime' && { timezone: 'UTC' }) });
    expect([fromJson(text), fromText(` ${text} `)]).toEqual([microseconds(iso), microseconds(iso)]);
  });

  it.each([
    ['date', '%d.%m.%Y', '2023-12-20'],
    ['date', '%d.%m.%Y', '12.20.2023'],
    ['date', '%d.%m.%Y', '29.02.2023'],
    ['date', '%d.%m.%Y', '1.2.23'],
    ['date', '%d.%m.%Y', '1x2x2023'],
    ['date', '%d.%m.%Y', '1.2.2023 10:00'],
    ['date', '%Y%m%d', '2024229'],
    ['date', '%d %b %Y', '1 Mai 2024'],
    ['datetime', '%d.%m.%Y %H:%M', '1.2.2023'],
    ['datetime', '%d.%m.%Y %H:%M', '1.2.2023 24:00'],
    ['datetime', '%d.%m.%Y %H:%M', '1.2.2023 10:60'],
    ['datetime', '%d.%m.%Y %I:%M %p', '1.2.2023 13:00 PM'],
    ['datetime', '%d.%m.%Y %I:%M %p', '1.2.2023 0:00 AM'],
  ] as const)('refuses as a %s written %s: %s', (type, format, text) => {
    const { fromJson, fromText } = readerOf({ type, format, ...(type === 'datetime' && { timezone: 'UTC' }) });
    expect([fromJson(text), fromText(text), fromJson(20231220)]).toEqual([undefined, undefined, undefined]);
  });

  it('are held between limits written alike', () => {
    const { fromJson } = readerOf({ type: 'date', format: '%d.%m.%Y', minimum: '1.2.2024', maximum: '29.2.2024' });
    const days = ['31.01.2024', '01.02.2024', '29.02.2024', '01.03.2024'];
    expect(days.map((day) => fromJson(day) !== undefined)).toEqual([false, true, true, false]);
  });

  it('are whole numbers where they count from the epoch', () => {
    const seconds = readerOf({ type: 'datetime', format: 'epoch_seconds', maximum: 1_700_000_000 });
    expect([0, 1_700_000_000, 1_700_000_001, 1.5, '5', 1_700_000_000_000, null].map(seconds.fromJson)).toEqual([
      0,
      1_700_000_000_000_000,
      undefined,
      undefined,
      undefined,
      undefined,
      NaN,
    ]);
    expect(['5', ' -5.0 ', '5.5', '2024-01-01', 'NA'].map((text) => seconds.fromText(text))).toEqual([
      5e6,
      -5e6,
      undefined,
      undefined,
      NaN,
    ]);
    const milliseconds = readerOf({ type: 'datetime', format: 'epoch_milliseconds' });
    expect([milliseconds.fromJson(1_700_000_000_123), milliseconds.toValue(1_000)]).toEqual([1_700_000_000_123_000, 1]);
  });

  it('write a moment of a clock with a zone or without, and in full or as ISO 8601 says', () => {
    const { ofMoment } = readerOf({ type: 'datetime', format: '%d.%m.%Y %H:%M', timezone: '+02:00' });
    const noon = microseconds('2024-05-31T12:00Z');
    expect([ofMoment!(noon, false), ofMoment!(noon, true), ofMoment!(noon + 1e6, true)]).toEqual([
      '31.05.2024 14:00',
      '31.05.2024 12:00',
      '2024-05-31T12:00:01',
    ]);
    const zoned = readerOf({ type: 'datetime', format: '%d.%m.%Y %H:%M %z' });
    expect([zoned.ofMoment!(noon, false), zoned.ofMoment!(noon, true)]).toEqual([
      '31.05.2024 12:00 +0000',
      '2024-05-31T12:00:00',
    ]);
    expect(readerOf({ type: 'date', format: '%d.%m.%Y' }).ofMoment!(noon, true)).toBe('2024-05-31');
  });

  it.each([
    ['%d.%m', 'it must have one of %Y and %y, and one of %m and %b'],
    ['%Y %y %m', 'it must have one of %Y and %y, and one of %m and %b'],
    ['%Y %m %m', 'it has %m twice'],
    ['%Y-%m-%d %H', '%H is of times; the type is date, not datetime'],
    ['%Y-%m-%d%', expect.stringMatching(/^% is none of its parts/)],
  ])('are refused in a format of %s', (pattern, flaw) => expect(timeFormat(pattern, true)).toEqual(flaw));

  it.each(['%Y-%m-%d', '%Y-%m %H:%M', '%Y-%m-%d %I:%M', '%Y-%m-%d %H:%M %p'])(
    'are no times in a format of %s',
    (pattern) => expect(timeFormat(pattern, false)).toMatch(/^of a datetime it must have/),
  );

  it.each(['%Y-%m-%d %H:%S', '%Y-%m-%d %H.%f'])('lack a part in a format of %s', (pattern) =>
    expect(timeFormat(pattern, false)).toMatch(/^it lacks/),
  );

  const separator = fc.constantFrom('.', '/', '-', ' ', ', ', '', '[', '\\', '$', '%%');
  const DATES = [
    ['%d', '%m', '%Y'],
    ['%m', '%d', '%Y'],
    ['%Y', '%m', '%d'],
    ['%y', '%m', '%d'],
    ['%d', '%b', '%Y'],
  ] as const;
  const date = fc.tuple(fc.constantFrom(...DATES), separator).map(([parts, between]) => parts.join(between));
  const time = fc.constantFrom('%H:%M:%S.%f', '%H%M%S%f', '%I:%M:%S.%f %p', '%p%I-%M-%S %f');
  const zone = fc.constantFrom('', ' %z');

  it('are read as the moment that was written, and a text as it was written', () => {
    // The years of %y.
    const moment = fc.integer({ min: microseconds('1969-01-02'), max: microseconds('2068-12-30') });
    const offset = fc.integer({ min: -1439, max: 1439 }).map((minutes) => minutes * 60_000_000);
    fc.assert(
      fc.property(date, time, zone, moment, offset, (days, clock, ending, number, ahead) => {
        const { parse, write } = timeFormat(`${days} ${clock}${ending}`, false) as TimeFormat;
        const text = write(number, ahead);
        expect([parse(text, ahead), write(parse(text, ahead)!, ahead)]).toEqual([number, text]);
        const day = timeFormat(days, true) as TimeFormat;
        const written = day.write(number);
        expect([day.parse(written), day.write(day.parse(written)!)]).toEqual([
          Math.floor(number / 86_400e6) * 86_400e6,
          written,
        ]);
      }),
      { numRuns: 2_000 },
    );
  });
});
