import { pipeline, Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { Problem } from '../../../problem/problem.js';
import { inTurns } from '../../in-turns.js';

const SLICE_BYTES = 64 * 1_024;
/** A longer line, or cell of several lines, would keep the parser for seconds. */
const MAX_LINE_BYTES = 1_024 * 1_024;
const OPTIONS = { bom: true, skip_empty_lines: true, max_record_size: MAX_LINE_BYTES };

export const malformedCsv = (what: string): Problem =>
  new Problem('bad-request', `The body is no CSV with a header: ${what}.`);

/** Bytes of a body, wherever they lie. */
interface Bytes {
  readonly length: number;
  slice(from: number, to: number): Buffer;
}

function* slices(body: Bytes): Generator<Buffer> {
  let lineStart = 0;
  for (let start = 0; start < body.length; start += SLICE_BYTES) {
    const slice = body.slice(start, start + SLICE_BYTES);
    const lineEnd = Math.max(slice.lastIndexOf('\n'), slice.lastIndexOf('\r'));
    if (lineEnd >= 0) lineStart = start + lineEnd;
    else if (start - lineStart > MAX_LINE_BYTES) throw malformedCsv(`a line is longer than ${MAX_LINE_BYTES} bytes`);
    yield slice;
  }
}

/**
 * Reads the records of a CSV text (RFC 4180), the header first, all of its length; large bodies are read in turns.
 *
 * @param take is given each, and returns whether to go on
 * @throws Problem `bad-request` naming the line
 */
export async function readRecords(body: Bytes, take: (record: string[]) => boolean): Promise<void> {
  const records = pipeline(Readable.from(inTurns(slices(body))), parse(OPTIONS), () => undefined);
  try {
    for await (const record of records as AsyncIterable<string[]>) if (!take(record)) return;
  } catch (error) {
    if (error instanceof Problem || typeof (error as CsvError).code !== 'string') throw error;
    throw malformedCsv((error as CsvError).message);
  }
}
