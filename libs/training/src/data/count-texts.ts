import { type CategoryCells, categoryCells } from '#bundle';
import { type FittedPipeline, textNormalizers } from '#features';
import { type CsvDialect, kindOf } from '#schema';
import type { Database } from '#tables';

/** The different texts of a column, null for no value, and how many rows have each. */
export type TextCounts = readonly { readonly text: string | null; readonly rows: number }[];

/** Columns whose cells are texts until their vocabulary is learnt. */
const hasTexts = ({ type }: { readonly type: string }): boolean => type === 'category' || type === 'text';

/**
 * Counts the texts of the rows that a server would have taken, as `countCells` does numbers.
 *
 * @param names of the columns whose texts stand in `k0`, `k1`, ...
 */
export async function countTexts(
  database: Database,
  columns: readonly { readonly name: string; readonly type: string }[],
  names: readonly string[],
): Promise<Map<string, TextCounts>> {
  const counts = new Map<string, TextCounts>();
  for (const { name } of columns.filter(hasTexts)) {
    const text = `k${names.indexOf(name)}`;
    counts.set(
      name,
      await database.query(`SELECT ${text} AS text, count(*) AS rows FROM present GROUP BY ${text} ORDER BY ${text}`),
    );
  }
  return counts;
}

/** Cells of columns of texts, by the vocabularies that were learnt; rows of a text that a server refuses are not among them. */
export function cellsOfTexts(
  pipeline: FittedPipeline,
  counts: ReadonlyMap<string, TextCounts>,
  decimal?: CsvDialect['decimal'],
): Record<string, CategoryCells> {
  const normalizers = textNormalizers(pipeline);
  const cells: Record<string, CategoryCells> = {};
  for (const column of pipeline.inputs.filter(hasTexts)) {
    const { name } = column;
    const reader = kindOf(column).reader(
      { ...column, nullable: true },
      { missing: pipeline.missing, normalize: normalizers.get(name) },
    );
    const read = (counts.get(name) ?? []).map(({ text, rows }) => ({
      code: text === null ? NaN : reader.fromText(text, decimal),
      rows,
    }));
    const taken = read.filter((one): one is { code: number; rows: number } => one.code !== undefined);
    cells[name] = categoryCells(
      Float64Array.from(taken, ({ code }) => code),
      ('values' in column && column.values) || [],
      taken.map(({ rows }) => rows),
    );
  }
  return cells;
}
