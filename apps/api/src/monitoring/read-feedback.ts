import { setImmediate as turn } from 'node:timers/promises';
import { InputError } from '#kit';
import { type LabelInput, readLabelCsv } from '#monitoring';
import type { BodyParts } from '../http/body-parts.js';
import { isObject } from '../http/is-object.js';
import { readJson } from '../http/json/read-json.js';
import { invalidInput, received } from '../problem/invalid-input.js';
import { Problem } from '../problem/problem.js';

const MAX_LABELS = 100_000;
const NEWLINE = 0x0a;
/** Lines parsed before yielding to the event loop; they take a few milliseconds. */
const LINES_PER_TURN = 2_000;

type Reader = (body: BodyParts) => Promise<LabelInput[]>;

const READERS: Readonly<Record<string, Reader>> = {
  'application/json': readDocument,
  'application/x-ndjson': readLines,
  'text/csv': readCsv,
};

/**
 * Returns the reader of 1 to 100,000 labels of a media type. A malformed label becomes one without fields, which is counted as invalid;
 * the others are accepted.
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
    const labels = await read(body);
    if (labels.length > 0 && labels.length <= MAX_LABELS) return labels;
    throw invalidInput([
      { path: 'labels', expected: `an array of 1 to ${MAX_LABELS} labels`, received: received(labels) },
    ]);
  };
}

async function readDocument(body: BodyParts): Promise<LabelInput[]> {
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
  return labels.map((label) => (isObject(label) ? label : {}));
}

async function readLines(parts: BodyParts): Promise<LabelInput[]> {
  const body = parts.whole();
  const labels: LabelInput[] = [];
  for (let start = 0; start < body.length && labels.length <= MAX_LABELS;) {
    for (let n = 0; n < LINES_PER_TURN && start < body.length; n++) {
      const found = body.indexOf(NEWLINE, start);
      const end = found < 0 ? body.length : found;
      const line = body.toString('utf8', start, end).trim();
      if (line !== '') labels.push(parseLine(line));
      start = end + 1;
    }
    await turn();
  }
  return labels;
}

function parseLine(line: string): LabelInput {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

async function readCsv(body: BodyParts): Promise<LabelInput[]> {
  try {
    return await readLabelCsv(body.whole());
  } catch (error) {
    throw error instanceof InputError ? new Problem('bad-request', error.message) : error;
  }
}
