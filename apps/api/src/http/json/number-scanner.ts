/** Powers of ten that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Decimal digits of which any number is a whole double. */
const EXACT_DIGITS = 15;
/** With so many, what lies behind the exact ones is still small enough to be added without loss. */
const MAX_DIGITS = 19;
/** Splits a double into halves whose products are exact (Veltkamp). */
const SPLIT = 2 ** 27 + 1;
/** More than the error of a quotient that is carried as two doubles, as a share of it. */
const QUOTIENT_ERROR = 2 ** -95;

const [ZERO, NINE, POINT, PLUS, MINUS, SMALL_E, LARGE_E] = Buffer.from('09.+-eE');

/** The grammar of RFC 8259, section 6. */
const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

/**
 * Reads JSON numbers from bytes without a text of each, to the nearest double as JSON.parse does: up to 15 digits are
 * one exact division (Clinger, "How to read floating point numbers accurately"), up to 19 one in two doubles (Dekker,
 * "A floating-point technique for extending the available precision"). The rest, and what is too close to call, V8 reads.
 */
export class NumberScanner {
  /** What was read last. */
  value = 0;

  /** @returns where the number that begins at `at` ends; -1 where none does, or where it may go on behind `end` */
  scan(bytes: Buffer, at: number, end: number): number {
    let i = at;
    let byte = bytes[i];
    const isNegative = byte === MINUS;
    if (isNegative) byte = bytes[++i];
    let whole = 0;
    let digits = 0;
    let scale = 0;
    if (byte === ZERO) {
      byte = bytes[++i];
      if (isDigit(byte)) return -1;
    } else {
      for (; isDigit(byte); byte = bytes[++i]) {
        if (digits++ < EXACT_DIGITS) whole = whole * 10 + (byte - ZERO);
      }
      if (digits === 0) return -1;
    }
    if (digits > EXACT_DIGITS) return this.scanAny(bytes, at, end);
    let low = 0;
    let lowDigits = 0;
    if (byte === POINT) {
      const start = ++i;
      for (byte = bytes[i]; isDigit(byte); byte = bytes[++i]) {
        if (digits < EXACT_DIGITS) {
          whole = whole * 10 + (byte - ZERO);
          if (whole > 0) digits++;
        } else {
          low = low * 10 + (byte - ZERO);
          lowDigits++;
        }
      }
      scale = i - start;
      if (scale === 0) return -1;
    }
    if (i >= end) return -1;
    const isPlain = byte !== SMALL_E && byte !== LARGE_E && scale < POWERS.length;
    if (!isPlain || digits + lowDigits > MAX_DIGITS) return this.scanAny(bytes, at, end);
    const value = lowDigits === 0 ? whole / POWERS[scale] : quotient(whole, POWERS[lowDigits], low, POWERS[scale]);
    if (value !== value) return this.scanAny(bytes, at, end);
    this.value = isNegative ? -value : value;
    return i;
  }

  private scanAny(bytes: Buffer, at: number, end: number): number {
    const i = endOfNumber(bytes, at, end);
    if (i === end) return -1;
    const text = bytes.toString('latin1', at, i);
    if (!JSON_NUMBER.test(text)) return -1;
    this.value = Number(text);
    return i;
  }
}

/** Where bytes end that can stand in a number. */
export function endOfNumber(bytes: Buffer, at: number, end: number): number {
  let i = at;
  while (i < end && isPart(bytes[i])) i++;
  return i;
}

function isPart(byte: number): boolean {
  return isDigit(byte) || byte === POINT || byte === MINUS || byte === PLUS || byte === SMALL_E || byte === LARGE_E;
}

/** (whole * shift + low) / divisor to the nearest double; NaN where half way between two of them is too close to call. */
function quotient(whole: number, shift: number, low: number, divisor: number): number {
  const product = whole * shift;
  const rest = productError(whole, shift, product) + low;
  const high = product + rest;
  const tail = rest - (high - product);
  const first = high / divisor;
  const back = first * divisor;
  const second = (high - back - productError(first, divisor, back) + tail) / divisor;
  const margin = first * QUOTIENT_ERROR;
  const value = first + (second + margin);
  return value === first + (second - margin) ? value : NaN;
}

/** What rounding took from a product (Dekker). */
function productError(a: number, b: number, product: number): number {
  const splitA = SPLIT * a;
  const splitB = SPLIT * b;
  const highA = splitA - (splitA - a);
  const highB = splitB - (splitB - b);
  const lowA = a - highA;
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}
