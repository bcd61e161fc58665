import { Problem } from '../../problem/problem.js';
import { inSteps, type Steps } from '../steps.js';
import { type JsonOptions, JsonReader, malformed } from './json-reader.js';
import { parsePlain } from './parse-plain.js';

/** Read within a millisecond. */
const SLICE_BYTES = 64 * 1_024;

/** Bytes of a body, wherever they lie. */
export interface Bytes {
  readonly length: number;
  slice(from: number, to: number): Buffer;
}

/** Whether a body is so large that it is to be read in turns. */
export const isLarge = ({ length }: { readonly length: number }): boolean => length > SLICE_BYTES;

/**
 * Reads a JSON text of UTF-8 at once: for what is small.
 *
 * @throws Problem `malformed-json`, in the words of JSON.parse; otherwise as {@link readJson}
 */
export function parseJson(bytes: Buffer, options: JsonOptions = {}): unknown {
  if (bytes.length === 0) throw emptyBody();
  const plain = options.sinkOf ? undefined : parsePlain(bytes);
  if (plain !== undefined) return plain;
  const reader = new JsonReader(options);
  try {
    reader.read(bytes, true);
    return reader.finish();
  } catch (error) {
    throw isLarge(bytes) || options.nonFinite ? error : inKnownWords(error, bytes);
  }
}

/**
 * Reads a JSON text of UTF-8, a byte order mark before it skipped, in slices with a turn of the event loop between.
 *
 * @throws Problem `malformed-json`, `json-too-complex`, or `invalid-input` for a field that comes twice
 */
export async function readJson(body: Bytes, options: JsonOptions = {}): Promise<unknown> {
  return isLarge(body) ? await inSteps(readSlices(body, options)) : parseJson(body.slice(0, body.length), options);
}

/** {@link readJson} in steps, of a size that tests may choose. */
export function* readSlices(body: Bytes, options?: JsonOptions, sliceBytes = SLICE_BYTES): Steps<unknown> {
  const reader = new JsonReader(options);
  let size = sliceBytes;
  for (let from = 0; from < body.length;) {
    const slice = body.slice(from, from + size);
    const read = reader.read(slice, from + slice.length === body.length);
    // A token longer than a slice: twice as much at a time reads it in all but twice.
    size = read === 0 ? size * 2 : sliceBytes;
    from += read;
    yield;
  }
  return reader.finish();
}

function emptyBody(): Problem {
  return malformed('The body is empty; send a JSON object');
}

/** What JSON.parse says of a short text, which many have met before. */
function inKnownWords(error: unknown, bytes: Buffer): unknown {
  if (!(error instanceof Problem) || error.type !== 'malformed-json' || error.detail.includes('UTF-8')) return error;
  const text = bytes.toString();
  try {
    JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
    return error;
  } catch (failure) {
    return malformed((failure as Error).message);
  }
}
