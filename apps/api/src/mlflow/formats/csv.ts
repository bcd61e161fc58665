import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { inTurns } from '../../prediction/in-turns.js';
import { badFormat, checkColumns, rowOf, type Row } from './columns.js';

const SLICE_BYTES = 64 * 1_024;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** What pandas reads as a missing value. */
const MISSING = new Set(
  ',#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,<NA>,N/A,NA,NULL,NaN,None,n/a,nan,null'.split(','),
);

function valueOf(cell: string): unknown {
  const text = cell.trim();
  if (MISSING.has(text)) return null;
  return NUMBER.test(text) ? Number(text) : cell;
}

function* slices(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; start += SLICE_BYTES) yield body.subarray(start, start + SLICE_BYTES);
}

/**
 * CSV with a header, as `DataFrame.to_csv()` writes it; the index that it writes by default, a column without a name,
 * is left out. Large bodies are read in turns.
 *
 * @param maxRows one row more is read at most
 * @throws Problem `bad-request`
 */
export async function fromCsv(body: Buffer, maxRows: number): Promise<Row[]> {
  const rows: Row[] = [];
  const parser = Readable.from(inTurns(slices(body))).pipe(parse({ bom: true, skip_empty_lines: true }));
  let columns: string[] | undefined;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (!columns) {
        columns = cells[0] === '' ? cells.slice(1) : cells;
        checkColumns(columns, 'The header');
        continue;
      }
      if (rows.length > maxRows) break;
      rows.push(rowOf(columns, cells.slice(cells.length - columns.length).map(valueOf)));
    }
  } catch (error) {
    if (typeof (error as CsvError).code !== 'string') throw error;
    throw badFormat(`The body is no CSV with a header: ${(error as CsvError).message}`);
  }
  if (!columns) throw badFormat('The body is empty; CSV with a header is due');
  return rows;
}
