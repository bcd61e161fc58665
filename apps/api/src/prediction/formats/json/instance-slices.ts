import { isUtf8 } from 'node:buffer';
import type { BodyParts } from '../../../http/body-parts.js';
import { assertModestJson } from '../../../http/json-limits.js';

const SLICE_BYTES = 32 * 1_024;
/** JSON knows four kinds of white space, \s many more. */
const OPENING = /^[ \t\n\r]*\{[ \t\n\r]*"instances"[ \t\n\r]*:[ \t\n\r]*\[/;
const CLOSING = /\][ \t\n\r]*\}[ \t\n\r]*$/;
const BETWEEN = /^[ \t\n\r]*,/;
/** How far the head and the tail may reach before the array begins and after it ends. */
const EDGE_BYTES = 256;
/** Candidate boundaries to try before a slice counts as not separable. */
const MAX_ATTEMPTS = 32;

/** Parses bytes `[from, to)` as the elements of an array; `undefined` when they are not, or there are none. */
function elements(body: BodyParts, from: number, to: number): unknown[] | undefined {
  try {
    const bytes = body.slice(from, to);
    if (!isUtf8(bytes)) return undefined;
    assertModestJson(bytes);
    const parsed = JSON.parse(`[${bytes.toString()}]`) as unknown[];
    return parsed.length > 0 ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Splits the text `{"instances":[...]}` into runs of whole elements without parsing it at once, so that the event
 * loop can turn between them.
 *
 * A boundary is guessed at a `}` with a comma behind it, and proven by its slice being valid JSON: text that is a
 * list of whole elements ends outside every string and bracket. All slices valid means that the text is.
 *
 * @returns `undefined` in place of a run when the text is not of that form: parse it whole then
 */
export function* instanceSlices(body: BodyParts): Generator<unknown[] | undefined, void> {
  const opening = OPENING.exec(body.slice(0, EDGE_BYTES).toString('latin1'));
  const tail = Math.max(0, body.length - EDGE_BYTES);
  const closing = CLOSING.exec(body.slice(tail, body.length).toString('latin1'));
  if (!opening || !closing) {
    yield undefined;
    return;
  }
  const end = tail + closing.index;
  let start = opening[0].length;
  while (end - start > SLICE_BYTES) {
    const slice = nextSlice(body, start, end);
    if (!slice) break;
    yield slice.elements;
    start = slice.end + 1;
  }
  yield elements(body, start, end);
}

function nextSlice(body: BodyParts, start: number, end: number): { elements: unknown[]; end: number } | undefined {
  let brace = start + SLICE_BYTES;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    brace = body.indexOf('}', brace) + 1;
    if (brace === 0 || brace >= end) return undefined;
    const between = BETWEEN.exec(body.slice(brace, brace + EDGE_BYTES).toString('latin1'));
    const found = between && elements(body, start, brace);
    if (found) return { elements: found, end: brace + between[0].length - 1 };
  }
  return undefined;
}

/** Whether a body is large enough for slicing to be worth it. */
export const isSliceable = (body: BodyParts): boolean => body.length > 2 * SLICE_BYTES;
