import { type DuckDBConnection, type TextTable } from '#tables';
import { InputError } from '#kit';
import { type ColumnReader, kindOf, type RawColumn, type RawSchema, UNKNOWN_CODE, unknownNumber } from '#schema';

/** How many invalid cells a message lists. */
const MAX_LISTED = 10;

/** A column's values outside the vocabulary: how many rows, and an example. */
export interface UnknownCount {
  readonly column: string;
  readonly rows: number;
  readonly example: string;
}

/** Rows in the form of the model's raw columns. */
export interface ReadRows {
  readonly raw: readonly Float64Array<ArrayBuffer>[];
  readonly unknown: readonly UnknownCount[];
}

/** One column of the rows being read. */
interface Cells {
  readonly column: RawColumn;
  readonly reader: ColumnReader;
  readonly values: Float64Array<ArrayBuffer>;
  /** Results by distinct text. */
  readonly known: Map<string, { readonly number: number | undefined; readonly isUnknown: boolean }>;
  unknownRows: number;
  unknownExample: string;
}

function cellsOf(
  column: RawColumn,
  rows: number,
  missing: readonly string[] | undefined,
  normalize?: (text: string) => string,
): Cells {
  return {
    column,
    reader: kindOf(column).reader(column, { missing, normalize, marksUnknown: true }),
    values: new Float64Array(rows),
    known: new Map(),
    unknownRows: 0,
    unknownExample: '',
  };
}

/** Converts a cell to its number. @returns undefined where it does not fit the column */
function read(cells: Cells, text: string, decimal: TextTable['decimal']): number | undefined {
  let found = cells.known.get(text);
  if (!found) {
    const { column, reader } = cells;
    const number = reader.fromText(text, decimal);
    found =
      (column.type === 'category' || column.type === 'text') && number === UNKNOWN_CODE
        ? { number: unknownNumber(column), isUnknown: true }
        : { number, isUnknown: false };
    cells.known.set(text, found);
  }
  if (found.isUnknown) {
    cells.unknownRows++;
    cells.unknownExample ||= text;
  }
  return found.number;
}

/**
 * Reads the rows of the table `texts` in the form of a model's raw columns, by the readers that serving uses.
 *
 * @param normalizers of texts, by column
 * @throws InputError listing rows, columns, and expected and actual values
 */
export async function readModelRows(
  connection: DuckDBConnection,
  path: string,
  { columns, rows, decimal }: TextTable,
  { inputs, missing }: { readonly inputs: RawSchema; readonly missing?: readonly string[] },
  normalizers?: ReadonlyMap<string, (text: string) => string>,
): Promise<ReadRows> {
  const all = inputs.map((column) => cellsOf(column, rows, missing, normalizers?.get(column.name)));
  const faults: string[] = [];
  let faulty = 0;
  const texts = inputs.map(({ name }) => columns.find((column) => column.name === name)?.text ?? 'NULL::VARCHAR');
  const result = await connection.stream(`SELECT ${texts.join(', ')} FROM texts`);
  for (let start = 0; ;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    all.forEach((cells, c) => {
      const vector = chunk.getColumnVector(c);
      for (let i = 0; i < chunk.rowCount; i++) {
        // An empty cell of CSV is an empty text.
        const text = (vector.getItem(i) as string | null) ?? '';
        const number = read(cells, text, decimal);
        if (number === undefined) {
          faulty++;
          if (faults.length < MAX_LISTED)
            faults.push(
              `row ${start + i + 1}: "${cells.column.name}" is ${JSON.stringify(text)}; expected ${cells.reader.expected}`,
            );
        }
        cells.values[start + i] = number ?? NaN;
      }
    });
    start += chunk.rowCount;
  }
  if (faulty > 0) {
    const more = faulty > faults.length ? `\n... ${faulty - faults.length} more` : '';
    const values = faulty === 1 ? '1 value' : `${faulty} values`;
    throw new InputError(`${path} has ${values} that the model does not accept:\n${faults.join('\n')}${more}`);
  }
  return {
    raw: all.map(({ values }) => values),
    unknown: all
      .filter(({ unknownRows }) => unknownRows > 0)
      .map(({ column, unknownRows, unknownExample }) => ({
        column: column.name,
        rows: unknownRows,
        example: unknownExample,
      })),
  };
}
