import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import type { BodyParts } from '../../../http/body-parts.js';
import { Problem } from '../../../problem/problem.js';
import { inTurns } from '../../in-turns.js';
import type { StampedBatch } from '../../prediction.service.js';
import type { BatchFormat } from '../batch-format.js';
import { ColumnBatch } from '../column-batch.js';
import { textRows } from '../text-rows.js';

const SLICE_BYTES = 64 * 1_024;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NEEDS_QUOTES = /[",\r\n]/;

/** CSV (RFC 4180) with a header that names the columns, in any order; an empty cell is null. */
export const CSV_FORMAT: BatchFormat = {
  mediaTypes: ['text/csv', 'application/csv'],
  contentType: 'text/csv; charset=utf-8; header=present',
  async read(body, { checker }, maxInstances) {
    return new ColumnBatch(checker, await readColumns(body, maxInstances)).check(maxInstances);
  },
  *write(batch: StampedBatch) {
    yield 'prediction,probability,model_version,timestamp\n';
    const before = batch.labels.map((label) => `${cellOf(label)},`);
    yield* textRows(batch, before, `,${cellOf(batch.model_version)},${batch.timestamp}\n`);
  },
};

function cellOf(value: number | string): string {
  const text = String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function valueOf(cell: string): unknown {
  const text = cell.trim();
  if (text === '') return null;
  return NUMBER.test(text) ? Number(text) : cell;
}

function* slices(body: BodyParts): Generator<Buffer> {
  for (let start = 0; start < body.length; start += SLICE_BYTES) yield body.slice(start, start + SLICE_BYTES);
}

const malformed = (what: string): Problem => new Problem('bad-request', `The body is no CSV with a header: ${what}.`);

/** Reads in turns; one row more than `maxRows` at most. */
async function readColumns(body: BodyParts, maxRows: number): Promise<Map<string, unknown[]>> {
  const parser = Readable.from(inTurns(slices(body))).pipe(parse({ bom: true, skip_empty_lines: true }));
  let columns: unknown[][] | undefined;
  let names: string[] = [];
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (!columns) {
        names = cells.map((cell) => cell.trim());
        const twice = names.find((name, c) => names.indexOf(name) !== c);
        if (twice !== undefined) throw malformed(`it names the column "${twice}" twice`);
        columns = names.map(() => []);
        continue;
      }
      for (let c = 0; c < columns.length; c++) columns[c].push(valueOf(cells[c]));
      if (columns[0].length > maxRows) break;
    }
  } catch (error) {
    if (error instanceof Problem || typeof (error as CsvError).code !== 'string') throw error;
    throw malformed((error as CsvError).message);
  }
  if (!columns) throw malformed('it is empty');
  return new Map(names.map((name, c) => [name, columns[c]]));
}
