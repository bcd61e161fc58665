import type { BodyParts } from '../../../http/body-parts.js';
import type { StampedBatch } from '../../prediction.service.js';
import type { BatchFormat } from '../batch-format.js';
import { ColumnBatch } from '../column-batch.js';
import { repeatedName } from '../repeated-name.js';
import { textRows } from '../text-rows.js';
import { malformedCsv, readRecords } from './read-records.js';

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

/** One row more than `maxRows` at most. */
async function readColumns(body: BodyParts, maxRows: number): Promise<Map<string, unknown[]>> {
  let names: string[] | undefined;
  let columns: unknown[][] = [];
  await readRecords(body, (cells) => {
    if (names) {
      for (let c = 0; c < columns.length; c++) columns[c].push(valueOf(cells[c]));
      return columns[0].length <= maxRows;
    }
    names = cells.map((cell) => cell.trim());
    const twice = repeatedName(names);
    if (twice !== undefined) throw malformedCsv(`it names the column "${twice}" twice`);
    columns = names.map(() => []);
    return true;
  });
  if (!names) throw malformedCsv('it is empty');
  return new Map(names.map((name, c) => [name, columns[c]]));
}
