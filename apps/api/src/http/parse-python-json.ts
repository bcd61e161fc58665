import { Problem } from '../problem/problem.js';
import { parseJson } from './parse-json.js';

/** Where the string that begins at `start` ends, behind its closing quote; the end of the text when it does not. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = end;
    while (text[escapes - 1] === '\\') escapes--;
    if ((end - escapes) % 2 === 0) return end + 1;
  }
  return text.length;
}

/** Replaces NaN outside strings. Not one regular expression: that would overflow its stack on long strings. */
function withoutNaN(text: string): string {
  const parts: string[] = [];
  let position = 0;
  while (position < text.length) {
    const quote = text.indexOf('"', position);
    const outside = text.slice(position, quote === -1 ? text.length : quote);
    parts.push(outside.replace(/\bNaN\b/g, 'null'));
    if (quote === -1) break;
    position = endOfString(text, quote);
    parts.push(text.slice(quote, position));
  }
  return parts.join('');
}

/**
 * Parses JSON as Python clients write it: `NaN`, which JSON does not know, counts as null.
 *
 * @throws Problem `malformed-json` with the parser's words
 */
export function parsePythonJson(body: Buffer): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof Problem) || !body.includes('NaN')) throw error;
    return parseJson(Buffer.from(withoutNaN(body.toString())));
  }
}
