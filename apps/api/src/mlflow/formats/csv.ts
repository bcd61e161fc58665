import { readRecords } from '../../prediction/formats/csv/read-records.js';
import { badFormat, checkColumns, rowOf, type Row } from './columns.js';

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

/**
 * CSV with a header, as `DataFrame.to_csv()` writes it; the index that it writes by default, a column without a name,
 * is left out. Large bodies are read in turns.
 *
 * @param maxRows one row more is read at most
 * @throws Problem `bad-request`
 */
export async function fromCsv(body: Buffer, maxRows: number): Promise<Row[]> {
  const rows: Row[] = [];
  let columns: string[] | undefined;
  await readRecords(body, (cells) => {
    if (columns) {
      rows.push(rowOf(columns, cells.slice(cells.length - columns.length).map(valueOf)));
      return rows.length <= maxRows;
    }
    columns = cells[0] === '' ? cells.slice(1) : cells;
    checkColumns(columns, 'The header');
    return true;
  });
  if (!columns) throw badFormat('The body is empty; CSV with a header is due');
  return rows;
}
