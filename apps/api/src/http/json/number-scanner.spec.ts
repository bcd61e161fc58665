import fc from 'fast-check';
import { countedBytes } from '../../../../../test/helper/counted-bytes.js';
import { NumberScanner } from './number-scanner.js';

const scanner = new NumberScanner();

/** What is read of a number and where it ends, with something behind it. */
function scan(text: string, behind = ','): [end: number, value: number] {
  const bytes = Buffer.from(text + behind);
  return [scanner.scan(bytes, 0, bytes.length), scanner.value];
}

const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength });
const decimal = fc
  .tuple(fc.constantFrom('', '-'), fc.oneof(fc.constant('0'), digits(20)), fc.option(digits(25)))
  .map(
    ([sign, whole, fraction]) => `${sign}${whole.replace(/^0+(?=\d)/, '')}${fraction === null ? '' : `.${fraction}`}`,
  );
const exponent = fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), fc.nat(330)));
const written = fc.tuple(decimal, exponent).map(([text, power]) => text + (power ? power.join('') : ''));
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value));

describe('The number scanner', () => {
  it('reads each number as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.oneof(written, double, decimal), (text) => {
        expect(scan(text)).toEqual([text.length, JSON.parse(text)]);
      }),
      { numRuns: 20_000, endOnFailure: true },
    );
  });

  it('reads what lies half way between two doubles, and next to it', () => {
    for (const text of ['9007199254740993', '0.9007199254740993', '4503599627370497.5', '1125899906842624.125']) {
      for (const more of ['', '0', '1', '9']) {
        const number = text.includes('.') ? text + more : text;
        expect(scan(number)).toEqual([number.length, Number(number)]);
      }
    }
    expect(Object.is(scan('-0')[1], -0)).toBe(true);
    expect(Object.is(scan('-0.000')[1], -0)).toBe(true);
  });

  it.each([
    '-',
    '.5',
    '+1',
    '01',
    '-01',
    '1.',
    '1.e5',
    '1e',
    '1e+',
    '1-1',
    '1.5.5',
    'NaN',
    'Infinity',
    '"1"',
    '12345678901234567.',
  ])('reads no number in %j', (text) => {
    const [end] = scan(text);
    expect(end).toBeLessThan(text.length);
  });

  it.each(['1', '-', '1.5', '1e5', '12345678901234567890', '0'])('does not read %s, which may go on', (text) => {
    expect(scan(text, '')[0]).toBe(-1);
  });

  it('looks at each byte but a few times', () => {
    for (const unit of ['1', '1.', '0.0', '1e', '-']) {
      const steps = [10_000, 20_000].map((length) => {
        const { bytes, looks } = countedBytes(Buffer.from(`${unit.repeat(length).slice(0, length)}x`));
        scanner.scan(bytes, 0, bytes.length);
        return looks();
      });
      expect(steps[1]).toBeLessThanOrEqual(2 * steps[0] + 10);
      expect(steps[1]).toBeLessThanOrEqual(6 * 20_000);
    }
  });
});
