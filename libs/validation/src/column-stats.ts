import { sqlNumber } from '#schema';
import type { Database, LoadedColumn } from '#tables';
import { HISTOGRAM_BINS, MAX_VALUES, QUANTILE_SHARES } from '#bundle';
import type { ColumnStats } from './reference-stats.js';

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly quantiles: readonly number[];
}

/** Scales huge values so that neither sums nor squares overflow; a power of two loses no digit. */
const scaleOf = (largest: number): number => (largest > 1e140 ? 2 ** 512 : 1);

/** Mean and variance by compensated sums in file order, in two passes: bit-identical on every run and machine. */
async function momentsOf(database: Database, value: string): Promise<Moments | undefined> {
  const finite = `FROM data WHERE isfinite(${value})`;
  const { count, largest } = await database.one<{ count: number; largest: number | null }>(
    `SELECT count(*) AS count, max(abs(${value})) AS largest ${finite}`,
  );
  if (largest === null) return undefined;
  const scale = scaleOf(largest);
  const scaled = `${value} / ${sqlNumber(scale)}`;
  const { mean } = await database.one<{ mean: number }>(`SELECT favg(${scaled}) AS mean ${finite}`);
  const { variance, quantiles } = await database.one<{ variance: number; quantiles: number[] }>(
    `SELECT favg((${scaled} - ${sqlNumber(mean)}) ** 2) AS variance,
       quantile_cont(${value}, [${QUANTILE_SHARES.join(', ')}]) AS quantiles ${finite}`,
  );
  return { count, mean: mean * scale, deviation: Math.sqrt(variance) * scale, quantiles };
}

async function histogramOf(
  database: Database,
  value: string,
  low: number,
  high: number,
): Promise<ColumnStats['histogram']> {
  // Divides first, because the difference of two huge values may overflow. A constant column gets bins of width 1.
  const width = high / HISTOGRAM_BINS - low / HISTOGRAM_BINS || 1;
  const bin = `least(${HISTOGRAM_BINS - 1}, floor((${value} - ${sqlNumber(low)}) / ${sqlNumber(width)}))::INTEGER`;
  const found = await database.query<{ bin: number; count: number }>(
    `SELECT ${bin} AS bin, count(*) AS count FROM data WHERE isfinite(${value}) GROUP BY bin`,
  );
  const counts = new Array<number>(HISTOGRAM_BINS).fill(0);
  for (const { bin, count } of found) counts[bin] = count;
  return { edges: Array.from({ length: HISTOGRAM_BINS + 1 }, (_, i) => low + i * width), counts };
}

async function frequenciesOf(database: Database, value: string): Promise<ColumnStats['frequencies']> {
  const found = await database.query<{ value: number; count: number }>(
    `SELECT ${value} AS value, count(*) AS count FROM data WHERE isfinite(${value}) GROUP BY value ORDER BY value LIMIT ${MAX_VALUES + 1}`,
  );
  if (found.length > MAX_VALUES) return undefined;
  return { values: found.map(({ value }) => value), counts: found.map(({ count }) => count) };
}

/** The distribution of a column's finite values; undefined when it has none. */
export async function columnStats(
  database: Database,
  { value }: Pick<LoadedColumn, 'value'>,
  rows: number,
): Promise<ColumnStats | undefined> {
  const moments = await database.inOrder(() => momentsOf(database, value));
  if (!moments) return undefined;
  const { count, mean, deviation, quantiles } = moments;
  const frequencies = await frequenciesOf(database, value);
  return {
    count,
    missing: rows - count,
    mean,
    standard_deviation: deviation,
    quantiles,
    histogram: await histogramOf(database, value, quantiles[0], quantiles[quantiles.length - 1]),
    ...(frequencies && { frequencies }),
  };
}
