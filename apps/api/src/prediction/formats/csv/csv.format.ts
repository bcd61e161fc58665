import { idText } from '#runtime';
import type { BodyParts } from '../../../http/body-parts.js';
import { answerWriter, countOf } from '../../answer-writer.js';
import type { StampedBatch } from '../../prediction.service.js';
import type { InputContract } from '../../input-contract.js';
import type { BatchFormat } from '../batch-format.js';
import { ColumnBatch } from '../column-batch.js';
import { repeatedName } from '../repeated-name.js';
import { type RowWriter, shareWriter } from '../../include/write-shares.js';
import { textRows } from '../text-rows.js';
import { malformedCsv, readTable } from './read-table.js';

const NEEDS_QUOTES = /[",\r\n]/;

/** CSV (RFC 4180) with a header that names the columns, in any order; the dialect is detected from the first lines. */
export const CSV_FORMAT: BatchFormat = {
  mediaTypes: ['text/csv', 'application/csv'],
  contentType: 'text/csv; charset=utf-8; header=present',
  async read(body, contract, maxInstances) {
    return new ColumnBatch(contract.checker, await readColumns(body, contract, maxInstances)).check(maxInstances);
  },
  *write(batch: StampedBatch) {
    const { labels, scores, values, withIds } = batch;
    const id = withIds ? ',prediction_id' : '';
    const columns = scores ? labels.map((label) => `,${cellOf(`probability_${label}`)}`) : [];
    yield `prediction,${values ? '' : 'probability,'}model_version,timestamp${id}${columns.join('')}\n`;
    const answer = answerWriter(batch, (label) => `${cellOf(label)},`, '');
    const shares = scores && shareWriter(scores, new Array<string>(labels.length).fill(','), '');
    const tailOf: RowWriter | undefined = withIds
      ? (row) => `,${idText(batch.ids, row)}${shares ? shares(row) : ''}`
      : shares;
    yield* textRows(countOf(batch), answer, `,${cellOf(batch.model_version)},${batch.timestamp}`, '\n', tailOf);
  },
};

function cellOf(value: number | string): string {
  const text = String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Reads at most `maxRows` + 1 rows. */
async function readColumns(body: BodyParts, contract: InputContract, maxRows: number): Promise<Map<string, unknown[]>> {
  let columns: unknown[][] | undefined;
  let header: readonly string[] = [];
  await readTable(body, contract, (names, row) => {
    if (row) {
      for (let c = 0; c < row.length; c++) columns![c].push(row[c]);
      return columns![0].length <= maxRows;
    }
    const twice = repeatedName(names);
    if (twice !== undefined) throw malformedCsv(`it names the column "${twice}" twice`);
    header = names;
    columns = names.map(() => []);
    return true;
  });
  if (!columns) throw malformedCsv('it is empty');
  return new Map(columns.map((column, c) => [header[c], column]));
}
