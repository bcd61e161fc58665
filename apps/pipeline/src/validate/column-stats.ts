import type { Database } from './source/database.js';
import type { LoadedColumn } from './source/loaded-table.js';
import { type ColumnStats, HISTOGRAM_BINS, QUANTILE_SHARES } from './reference-stats.js';
import { sqlNumber } from './sql-number.js';

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
  readonly quantiles: readonly number[];
}

/** Compensated sums, in the order of the file, in two passes: the same digits on every run and any machine. */
async function momentsOf(database: Database, value: string): Promise<Moments | undefined> {
  const finite = `FROM data WHERE isfinite(${value})`;
  const { count, mean } = await database.one<{ count: number; mean: number | null }>(
    `SELECT count(*) AS count, favg(${value}) AS mean ${finite}`,
  );
  if (mean === null) return undefined;
  const { squares, quantiles } = await database.one<{ squares: number; quantiles: { items: number[] } | number[] }>(
    `SELECT fsum((${value} - ${sqlNumber(mean)}) ** 2) AS squares,
       quantile_cont(${value}, [${QUANTILE_SHARES.join(', ')}]) AS quantiles ${finite}`,
  );
  return { count, mean, squares, quantiles: Array.isArray(quantiles) ? quantiles : quantiles.items };
}

async function histogramOf(
  database: Database,
  value: string,
  low: number,
  high: number,
): Promise<ColumnStats['histogram']> {
  // Divided first: the difference of two huge values may overflow. A constant column gets bins of width 1.
  const width = high / HISTOGRAM_BINS - low / HISTOGRAM_BINS || 1;
  const bin = `least(${HISTOGRAM_BINS - 1}, floor((${value} - ${sqlNumber(low)}) / ${sqlNumber(width)}))::INTEGER`;
  const found = await database.query<{ bin: number; count: number }>(
    `SELECT ${bin} AS bin, count(*) AS count FROM data WHERE isfinite(${value}) GROUP BY bin`,
  );
  const counts = new Array<number>(HISTOGRAM_BINS).fill(0);
  for (const { bin, count } of found) counts[bin] = count;
  return { edges: Array.from({ length: HISTOGRAM_BINS + 1 }, (_, i) => low + i * width), counts };
}

/** The distribution of a column's finite values; undefined when it has none. */
export async function columnStats(
  database: Database,
  { value }: LoadedColumn,
  rows: number,
): Promise<ColumnStats | undefined> {
  const moments = await database.inOrder(() => momentsOf(database, value));
  if (!moments) return undefined;
  const { count, mean, squares, quantiles } = moments;
  return {
    count,
    missing: rows - count,
    mean,
    standard_deviation: Math.min(Number.MAX_VALUE, Math.sqrt(squares / count)),
    quantiles,
    histogram: await histogramOf(database, value, quantiles[0], quantiles[quantiles.length - 1]),
  };
}
