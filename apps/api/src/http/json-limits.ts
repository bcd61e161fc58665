import { Problem } from '../problem/problem.js';

/** What is smaller cannot do harm however it is built, and is not looked at. */
const HARMLESS_BYTES = 256 * 1_024;
const MAX_DEPTH = 100;
const MAX_KEYS = 10_000;

const [QUOTE, COLON, BACKSLASH] = Buffer.from('":\\');
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('[]{}');

/**
 * Refuses JSON that would cost the parser seconds and gigabytes: brackets in brackets without end, objects of millions of
 * keys. One look at each byte, about a thousandth of what parsing those costs; that the text is JSON, the parser says.
 *
 * @throws Problem `json-too-complex`
 */
export function assertModestJson(body: Buffer): void {
  if (body.length <= HARMLESS_BYTES) return;
  const keys = new Uint32Array(MAX_DEPTH + 1);
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (isInString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) {
      isInString = true;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > MAX_DEPTH) throw tooComplex(`nests more than ${MAX_DEPTH} levels deep`);
      keys[depth] = 0;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth > 0) depth--;
    } else if (byte === COLON && ++keys[depth] > MAX_KEYS) {
      throw tooComplex(`holds an object of more than ${MAX_KEYS} fields`);
    }
  }
}

function tooComplex(how: string): Problem {
  return new Problem('json-too-complex', `The body ${how}; no input is like that.`);
}
