import { Problem } from '../problem/problem.js';

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Parses UTF-8 bytes as JSON; a byte order mark is skipped.
 *
 * @throws Problem `malformed-json` with the parser's words
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw new Problem('malformed-json', 'The body is empty; a JSON object is due.');
  try {
    const text = body.toString();
    return JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
  } catch (error) {
    throw new Problem('malformed-json', `${(error as Error).message}.`);
  }
}
