import { isAscii as bufferIsAscii } from 'node:buffer';
import { roundProbability } from '../../prediction-format.js';
import type { StampedBatch } from '../../prediction.service.js';

const MILLION = 1_000_000;
/** Of any number, as JavaScript writes it. */
const NUMBER_BYTES = 25;
const ID_BYTES = 16;
const ID_CHARACTERS = 36;
/** The bytes of an id before which a dash stands. */
const DASHED = new Set([4, 6, 8, 10]);
const HEX = Buffer.from('0123456789abcdef');
const [ZERO, POINT, COMMA, DASH] = Buffer.from('0.,-');

/** Copies bytes, which for so few costs less than a call. @returns where they end */
function put(bytes: Buffer, at: number, from: Buffer): number {
  for (let i = 0; i < from.length; i++) bytes[at + i] = from[i];
  return at + from.length;
}

/** Writes a probability as JavaScript writes it once it is rounded. @returns where it ends */
function putProbability(bytes: Buffer, at: number, probability: number): number {
  const millionths = Math.round(probability * MILLION);
  if (!(millionths > 0 && millionths < MILLION)) {
    return at + bytes.write(String(roundProbability(probability)), at, 'latin1');
  }
  bytes[at] = ZERO;
  bytes[at + 1] = POINT;
  let end = at + 8;
  for (let i = at + 7, rest = millionths; i > at + 1; i--) {
    const tens = (rest / 10) | 0;
    const digit = rest - 10 * tens;
    rest = tens;
    bytes[i] = ZERO + digit;
    if (digit === 0 && end === i + 1) end = i;
  }
  return end;
}

/** Writes an id as text. @returns where it ends */
function putId(bytes: Buffer, at: number, ids: Buffer, row: number): number {
  let to = at;
  for (let i = 0; i < ID_BYTES; i++) {
    if (DASHES[i] === 1) bytes[to++] = DASH;
    const byte = ids[row * ID_BYTES + i];
    bytes[to] = HEX[byte >> 4];
    bytes[to + 1] = HEX[byte & 15];
    to += 2;
  }
  return to;
}

const DASHES = Uint8Array.from({ length: ID_BYTES }, (_, i) => Number(DASHED.has(i)));

/** Where rows are written before they become a text: a new buffer for each would be outside of V8's heap, which it then collects all the time. */
let buffer = Buffer.alloc(0);

function bufferFor(bytes: number): Buffer {
  if (buffer.length < bytes) buffer = Buffer.allocUnsafeSlow(bytes);
  return buffer;
}

/**
 * Writes rows of a batch as bytes: label, probability and id between texts that are the same in all. As strings each row would be a
 * tree of them, which costs six times as much to make and to be read.
 *
 * @param heads what stands before the probability, by class
 * @param middle what stands between the probability and the id
 * @returns writes rows `[from, to)` behind `start`, with a comma before each but the first of all
 */
export function rowBytes(
  { classIndices, probabilities, ids }: Pick<StampedBatch, 'classIndices' | 'probabilities' | 'ids'>,
  heads: readonly string[],
  middle: string,
  end: string,
): (from: number, to: number, start: string) => string {
  const [before, between, after] = [heads.map((head) => Buffer.from(head)), Buffer.from(middle), Buffer.from(end)];
  const isAscii = [...before, between, after].every((one) => bufferIsAscii(one));
  const encoding = isAscii ? 'latin1' : 'utf8';
  const longest = Math.max(...before.map(({ length }) => length));
  const most = 1 + longest + NUMBER_BYTES + between.length + ID_CHARACTERS + after.length;
  return (from, to, start) => {
    const bytes = bufferFor(start.length + (to - from) * most);
    let at = bytes.write(start, 'latin1');
    for (let row = from; row < to; row++) {
      if (row > 0) bytes[at++] = COMMA;
      at = put(bytes, at, before[classIndices[row]]);
      at = putProbability(bytes, at, probabilities[row]);
      at = put(bytes, at, between);
      at = putId(bytes, at, ids, row);
      at = put(bytes, at, after);
    }
    return bytes.toString(encoding, 0, at);
  };
}
