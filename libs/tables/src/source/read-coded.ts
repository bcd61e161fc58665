import { type CsvDialect, kindOf, type RawColumn, withVocabulary } from '#schema';
import type { Database } from './database.js';
import type { LoadedColumn } from './loaded-table.js';

/** How to read the texts of a table. */
interface TextRules {
  /** The missing tokens of columns without their own. */
  readonly missing?: readonly string[];
  /** Normalisers of columns' texts for their vocabularies, by column. */
  readonly normalizers?: ReadonlyMap<string, (text: string) => string>;
}

/** The column with a vocabulary: its own, or all texts of the table where that is still to be learnt. */
const known = (
  column: RawColumn,
  texts: readonly string[],
  options: Parameters<typeof withVocabulary>[2],
): RawColumn =>
  column.type === 'category' || column.type === 'text' ? withVocabulary(column, texts, options) : column;

/**
 * Reads the cells of columns of non-numeric kinds: each distinct text once, by the reader that serving uses. Before,
 * all their texts are in the column of misfits; afterwards, only the misfits are.
 *
 * @returns the columns; one without a vocabulary gets the table's
 */
export async function readCoded(
  database: Database,
  columns: readonly LoadedColumn[],
  decimal: CsvDialect['decimal'],
  { missing, normalizers }: TextRules,
): Promise<readonly LoadedColumn[]> {
  const read: LoadedColumn[] = [];
  for (const column of columns) read.push(await readOne(database, column, decimal, missing, normalizers));
  return read;
}

async function readOne(
  database: Database,
  loaded: LoadedColumn,
  decimal: CsvDialect['decimal'],
  missing: readonly string[] | undefined,
  normalizers: TextRules['normalizers'],
): Promise<LoadedColumn> {
  const { value, raw, ...rest } = loaded;
  const column = rest;
  const kind = kindOf(column);
  if (kind.sqlFromText) return loaded;
  const found = await database.query<{ text: string }>(
    `SELECT DISTINCT ${raw} AS text FROM data WHERE ${raw} IS NOT NULL`,
  );
  const texts = found.map(({ text }) => text);
  const normalize = normalizers?.get(column.name);
  const complete = known(column, texts, { missing, normalize, decimal });
  // A value outside the column's range is still a value: range checks report it.
  const anywhere = { ...complete, nullable: true, minimum: undefined, maximum: undefined };
  const reader = kind.reader(anywhere, { missing, normalize });
  await database.insert(
    'cells',
    ['text VARCHAR', 'number DOUBLE', 'misfit BOOLEAN'],
    texts.map((text) => {
      const number = reader.fromText(text, decimal);
      return [text, number === undefined || Number.isNaN(number) ? null : number, number === undefined];
    }),
  );
  await database.query(
    `UPDATE data SET ${value} = cells.number, ${raw} = CASE WHEN cells.misfit THEN ${raw} END FROM cells WHERE data.${raw} = cells.text`,
  );
  await database.query('DROP TABLE cells');
  return { ...complete, value, raw };
}
