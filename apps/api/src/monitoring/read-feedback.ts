import { setImmediate as turn } from 'node:timers/promises';
import { InputError, received } from '#kit';
import { type LabelLines, readLabelCsv } from '#monitoring';
import type { BodyParts } from '../http/body-parts.js';
import { isObject } from '../http/is-object.js';
import { readJson } from '../http/json/read-json.js';
import { invalidInput } from '../problem/invalid-input.js';
import { Problem } from '../problem/problem.js';

const MAX_LABELS = 100_000;
const NEWLINE = 0x0a;
/** Lines parsed before yielding to the event loop; they take a few milliseconds. */
const LINES_PER_TURN = 2_000;

/** Labels, each with its line where they are lines. */
type Feedback = Pick<LabelLines, 'labels'> & Partial<LabelLines>;
type Reader = (body: BodyParts) => Promise<Feedback>;

const READERS: Readonly<Record<string, Reader>> = {
  'application/json': readDocument,
  'application/x-ndjson': readLines,
  'text/csv': readCsv,
};

/**
 * Returns the reader of 1 to 100,000 labels of a media type. What is no label stays among them, and is refused where they are taken; the
 * others are accepted.
 *
 * @param contentType defaults to JSON
 * @throws Problem `unsupported-media-type`; the reader throws `malformed-json`, `bad-request` or `invalid-input`
 */
export function feedbackReader(contentType = 'application/json'): Reader {
  const type = contentType.split(';')[0].trim().toLowerCase();
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (!read) {
    const known = Object.keys(READERS).join(', ');
    throw new Problem('unsupported-media-type', `Content-Type "${type}" is not supported here; send ${known}.`);
  }
  return async (body) => {
    const feedback = await read(body);
    const { labels } = feedback;
    if (labels.length > 0 && labels.length <= MAX_LABELS) return feedback;
    throw invalidInput([
      { path: 'labels', expected: `an array of 1 to ${MAX_LABELS} labels`, received: received(labels) },
    ]);
  };
}

async function readDocument(body: BodyParts): Promise<Feedback> {
  const value = await readJson(body);
  if (!isObject(value)) {
    throw invalidInput([{ path: '', expected: 'an object with labels', received: received(value) }]);
  }
  const { labels, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    const expected = 'absent: the only field is labels';
    throw invalidInput([{ path: other, expected, received: received(others[other]) }]);
  }
  if (!Array.isArray(labels))
    throw invalidInput([{ path: 'labels', expected: 'an array', received: received(labels) }]);
  return { labels };
}

async function readLines(parts: BodyParts): Promise<LabelLines> {
  const body = parts.whole();
  const labels: unknown[] = [];
  const lines: number[] = [];
  let number = 0;
  for (let start = 0; start < body.length && labels.length <= MAX_LABELS;) {
    for (let n = 0; n < LINES_PER_TURN && start < body.length; n++) {
      const found = body.indexOf(NEWLINE, start);
      const end = found < 0 ? body.length : found;
      const line = body.toString('utf8', start, end).trim();
      number++;
      if (line !== '') {
        labels.push(parseLine(line));
        lines.push(number);
      }
      start = end + 1;
    }
    await turn();
  }
  return { labels, linesOf: () => Promise.resolve(lines) };
}

/** A line that is not JSON stays a text, which is no label. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

async function readCsv(body: BodyParts): Promise<LabelLines> {
  try {
    return await readLabelCsv(body.whole());
  } catch (error) {
    throw error instanceof InputError ? new Problem('bad-request', error.message) : error;
  }
}
