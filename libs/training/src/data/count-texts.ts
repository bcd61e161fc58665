import { type CategoryCells, categoryCells } from '#bundle';
import { type FittedPipeline, textNormalizers } from '#features';
import { type CsvDialect, kindOf } from '#schema';
import type { Database } from '#tables';

/** The distinct texts of a column, null for missing, and their row counts. */
export type TextCounts = readonly { readonly text: string | null; readonly rows: number }[];

/** Columns whose cells stay texts until their vocabulary is learnt. */
const hasTexts = ({ type }: { readonly type: string }): boolean => type === 'category' || type === 'text';

/**
 * Counts the texts of the rows that a server would accept, as `countCells` does numbers.
 *
 * @param names of the columns whose texts are in `k0`, `k1`, ...
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

/** The cells of text columns, by their learnt vocabularies, without rows whose text a server refuses. */
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
