import { randomFillSync } from 'node:crypto';

const COUNT = 128;
const DASHED = '________-____-4___-____-____________';
const DIGITS = Buffer.from('0123456789abcdef');
/** The variant's digit has its upper two bits fixed. */
const VARIANT_AT = 19;

/** Half a byte for each digit. */
const random = Buffer.allocUnsafeSlow((COUNT * DASHED.length) / 2);
const text = Buffer.from(DASHED.repeat(COUNT));
const blanks = [...DASHED].flatMap((character, at) => (character === '_' ? [at] : []));

let ids = '';
let next = 0;

/**
 * A random UUID (RFC 9562, version 4), sliced from a text of many: crypto.randomUUID returns a rope of twenty strings,
 * which costs more to flatten than to create.
 */
export function randomId(): string {
  if (next === ids.length) {
    refill();
    next = 0;
  }
  next += DASHED.length;
  return ids.slice(next - DASHED.length, next);
}

function refill(): void {
  randomFillSync(random);
  const digit = (at: number): number => (random[at >> 1] >> (4 * (at & 1))) & 15;
  for (let start = 0; start < text.length; start += DASHED.length) {
    for (const at of blanks) text[start + at] = DIGITS[digit(start + at)];
    text[start + VARIANT_AT] = DIGITS[8 | (digit(start + VARIANT_AT) & 3)];
  }
  ids = text.toString('latin1');
}
