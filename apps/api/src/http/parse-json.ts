import { isUtf8 } from 'node:buffer';
import { Problem } from '../problem/problem.js';
import { assertModestJson } from './json-limits.js';

const BYTE_ORDER_MARK = 0xfeff;
/** What the decoder puts in the place of bytes that are no UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * Parses UTF-8 bytes as JSON; a byte order mark is skipped.
 *
 * @throws Problem `malformed-json`: with the parser's words, or because the bytes are no UTF-8; `json-too-complex`
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw new Problem('malformed-json', 'The body is empty; a JSON object is due.');
  assertModestJson(body);
  const text = body.toString();
  if (text.includes(REPLACEMENT)) assertUtf8(body);
  try {
    return JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
  } catch (error) {
    throw new Problem('malformed-json', `${(error as Error).message}.`);
  }
}

/** @throws Problem `malformed-json` */
function assertUtf8(body: Buffer): void {
  if (!isUtf8(body)) throw new Problem('malformed-json', 'The body is not UTF-8.');
}
