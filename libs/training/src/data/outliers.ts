import { kindOf, sqlNumber } from '#schema';
import type { Database, LoadedColumn } from '#tables';

/**
 * Finds values further than a number of interquartile ranges from a table's quartiles (J. W. Tukey, "Exploratory Data
 * Analysis", Addison-Wesley 1977). A column with more than half of its values equal has no such range, hence no
 * outliers; integer columns are not checked.
 *
 * @returns SQL, true for a row with an outlier
 */
export async function outlierCondition(
  database: Database,
  table: string,
  columns: readonly LoadedColumn[],
  ranges: number,
): Promise<string> {
  const outside: string[] = [];
  const floats = ranges === 0 ? [] : columns.filter((column) => !kindOf(column).isWhole);
  // One column at a time: for quantiles DuckDB holds all values of a column, whatever the memory limit.
  for (const { value } of floats) {
    const quartiles = `SELECT unnest(quantile_cont(${value}, [0.25, 0.75])) AS quartile FROM ${table} WHERE isfinite(${value})`;
    const [low, high] = (await database.query<{ quartile: number }>(quartiles)).map(({ quartile }) => quartile);
    if (low === undefined || low === high) continue;
    const reach = ranges * (high - low);
    outside.push(`coalesce(${value} NOT BETWEEN ${sqlNumber(low - reach)} AND ${sqlNumber(high + reach)}, false)`);
  }
  return outside.join(' OR ') || 'false';
}
