/** Shorter arrays are left to Jest. */
const MANY = 32;

const bytesOf = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength);

const isLong = (value) => typeof value === 'object' && value !== null && value.length >= MANY;

/** @returns true for arrays of the same numbers, undefined for all else, which Jest then compares itself */
function equalNumbers(a, b) {
  if (!isLong(a) || !isLong(b) || a.length !== b.length || a.constructor !== b.constructor) return undefined;
  if (ArrayBuffer.isView(a)) return bytesOf(a).equals(bytesOf(b)) || undefined;
  if (!Array.isArray(a)) return undefined;
  for (let i = 0; i < a.length; i++) {
    if (typeof a[i] !== 'number' || !Object.is(a[i], b[i])) return undefined;
  }
  return true;
}

// Jest compares arrays by the names of their properties, which takes about a microsecond per number.
expect.addEqualityTesters([equalNumbers]);
