import { kindOf, sqlNumber } from '#schema';
import type { Database, LoadedColumn } from '#tables';

/**
 * What lies further than so many interquartile ranges from the quartiles (J. W. Tukey, "Exploratory Data Analysis",
 * Addison-Wesley 1977) of the rows of a table. A column of which more than half of the values are alike has no such range:
 * nothing of it lies out; nor does a whole number.
 *
 * @returns SQL, true of a row with such a value
 */
export async function outlierCondition(
  database: Database,
  table: string,
  columns: readonly LoadedColumn[],
  ranges: number,
): Promise<string> {
  const outside: string[] = [];
  const floats = ranges === 0 ? [] : columns.filter((column) => !kindOf(column).isWhole);
  // One column at a time: DuckDB holds all values of a column for its quantiles, whatever the memory limit.
  for (const { value } of floats) {
    const quartiles = `SELECT unnest(quantile_cont(${value}, [0.25, 0.75])) AS quartile FROM ${table} WHERE isfinite(${value})`;
    const [low, high] = (await database.query<{ quartile: number }>(quartiles)).map(({ quartile }) => quartile);
    if (low === undefined || low === high) continue;
    const reach = ranges * (high - low);
    outside.push(`coalesce(${value} NOT BETWEEN ${sqlNumber(low - reach)} AND ${sqlNumber(high + reach)}, false)`);
  }
  return outside.join(' OR ') || 'false';
}
