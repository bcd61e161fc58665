import { Problem } from '../problem/problem.js';

/** What is smaller cannot do harm however it is built, and is not looked at. */
const HARMLESS_BYTES = 256 * 1_024;
const MAX_DEPTH = 100;
const MAX_KEYS = 10_000;
/** Empty ones still take a hundred bytes each. */
const MAX_CONTAINERS = 1_000_000;
/** One name in so many, at random, is compared with those before; a parser spends its time on names that it has not seen. */
const STRIDE = 16;
const SLOTS = 65_536;

const [QUOTE, COLON, BACKSLASH] = Buffer.from('":\\');
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('[]{}');

/**
 * Refuses JSON that would cost the parser seconds and gigabytes: brackets in brackets without end, objects of millions of
 * keys, millions of objects, or objects that each have others. One look at each byte, about a thousandth of what parsing those costs; that the text is JSON, the parser says.
 *
 * @throws Problem `json-too-complex`
 */
export function assertModestJson(body: Buffer): void {
  if (body.length <= HARMLESS_BYTES) return;
  const keys = new Uint32Array(MAX_DEPTH + 1);
  const seen = new Uint8Array(SLOTS);
  let [names, untilNext, start, end] = [0, 1, 0, 0];
  let [depth, containers] = [0, 0];
  let isInString = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (isInString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) {
        isInString = false;
        end = i;
      }
    } else if (byte === QUOTE) {
      isInString = true;
      start = i + 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > MAX_DEPTH) throw tooComplex(`nests more than ${MAX_DEPTH} levels deep`);
      if (++containers > MAX_CONTAINERS) throw tooComplex(`holds more than ${MAX_CONTAINERS} objects and arrays`);
      keys[depth] = 0;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth > 0) depth--;
    } else if (byte === COLON) {
      if (++keys[depth] > MAX_KEYS) throw tooComplex(`holds an object of more than ${MAX_KEYS} fields`);
      if (--untilNext > 0) continue;
      untilNext = 1 + Math.floor(Math.random() * 2 * STRIDE);
      const slot = slotOf(body, start, end);
      names += 1 - seen[slot];
      seen[slot] = 1;
      if (names > MAX_KEYS) throw tooComplex('holds too many different field names');
    }
  }
}

/** A hash (FNV-1a) of some bytes. */
function slotOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return (hash ^ (hash >>> 16)) & (SLOTS - 1);
}

function tooComplex(how: string): Problem {
  return new Problem('json-too-complex', `The body ${how}; no input is like that.`);
}
