import type { Hold } from '../../../http/http.types.js';
import { brokenBody } from '../../../http/body-collector.js';
import { BodyParts } from '../../../http/body-parts.js';
import { Problem } from '../../../problem/problem.js';

const NEWLINE = 0x0a;

/** A line of a stream, numbered from 1, with its bytes, which are absent if it is too long or was refused. */
export interface Line {
  readonly number: number;
  readonly bytes: Buffer | undefined;
  /** The admission refused it, or the stream failed within it. */
  readonly refusal?: Problem;
}

function joined(partial: BodyParts, end: Buffer): Buffer {
  if (end.length > 0) partial.append(end);
  return partial.whole();
}

/**
 * Splits a stream into lines and passes on the complete lines of each chunk together; empty lines are only counted. It
 * holds at most one line, and nothing of a line over the limit.
 *
 * @param hold receives the bytes held of an incomplete line
 */
export async function* readLines(
  stream: AsyncIterable<Buffer>,
  limitBytes: number,
  hold?: Hold,
): AsyncGenerator<Line[]> {
  let partial = new BodyParts();
  let begunBytes = 0;
  let number = 0;
  let refusal: Problem | undefined;
  const take = (end: Buffer): Line => {
    const isDropped = refusal !== undefined || begunBytes + end.length > limitBytes;
    const bytes = isDropped ? undefined : partial.length === 0 ? end : joined(partial, end);
    if (partial.length > 0) partial = new BodyParts();
    begunBytes = 0;
    const line = { number: ++number, bytes, refusal };
    refusal = undefined;
    return line;
  };
  try {
    for await (const chunk of stream) {
      const lines: Line[] = [];
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        if (end === start && begunBytes === 0 && !refusal) number++;
        else lines.push(take(chunk.subarray(start, end)));
        start = end + 1;
      }
      const rest = chunk.subarray(start);
      begunBytes += rest.length;
      const isTooLong = begunBytes > limitBytes;
      refusal ??= hold?.(isTooLong ? 0 : begunBytes);
      if (refusal || isTooLong) partial = new BodyParts();
      // A copy, because a view would keep the whole chunk alive.
      else if (rest.length > 0) partial.append(Buffer.from(rest));
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    refusal = error instanceof Problem ? error : brokenBody();
    yield [take(Buffer.alloc(0))];
    return;
  }
  if (begunBytes > 0) yield [take(Buffer.alloc(0))];
}
