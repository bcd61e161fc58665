import { type CellValue, kindOf, type RawSchema } from '#schema';
import type { Baseline } from '../bundle.js';
import { InputError } from '#kit';
import { quantile } from '#statistics';
import { categoryCells, type ColumnCells, MAX_BINS, numberCells } from './cells.js';

/** The levels at which a column's `quantiles` are taken. */
export const QUANTILE_SHARES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;
export const HISTOGRAM_BINS = 20;
/** A column of at most this many distinct values is described by all of them. */
export const MAX_VALUES = 32;

/** The distinct values of sorted numbers and their counts, where there are few. */
function frequenciesOf(sorted: Float64Array): Baseline['columns'][string]['frequencies'] {
  const counts = new Map<number, number>();
  for (const value of sorted) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size > MAX_VALUES) return undefined;
  }
  return { values: [...counts.keys()], counts: [...counts.values()] };
}

function describe(values: Float64Array): Baseline['columns'][string] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const width = (high - low) / HISTOGRAM_BINS || 1;
  const counts = new Array<number>(HISTOGRAM_BINS).fill(0);
  for (const value of sorted) counts[Math.min(HISTOGRAM_BINS - 1, Math.floor((value - low) / width))]++;
  const frequencies = frequenciesOf(sorted);
  return {
    missing: values.length - sorted.length,
    mean,
    standard_deviation: Math.sqrt(squares / sorted.length),
    quantiles: QUANTILE_SHARES.map((share) => quantile(sorted, share)),
    histogram: { edges: Array.from({ length: HISTOGRAM_BINS + 1 }, (_, i) => low + i * width), counts },
    ...(frequencies && { frequencies }),
  };
}

/**
 * The distribution of each raw column.
 *
 * @param columns one per raw column, in schema order; NaN is missing
 */
export function baselineOfColumns(schema: RawSchema, columns: readonly Float64Array[]): Baseline {
  const described = schema.map(({ name }, c) => {
    if (columns[c].every(Number.isNaN)) throw new InputError(`The data has no value in the column "${name}".`);
    return [name, describe(columns[c])] as const;
  });
  return { format_version: 1, rows: columns[0].length, columns: Object.fromEntries(described) };
}

type Rows = readonly Readonly<Record<string, CellValue>>[];

/** @throws InputError naming the first cell that its column cannot hold */
function columnsOf(schema: RawSchema, rows: Rows): Float64Array[] {
  return schema.map((column) => {
    const { name } = column;
    const reader = kindOf(column).reader({ ...column, nullable: true });
    return Float64Array.from(rows, (row, i) => {
      const value = row[name];
      const number = reader.isFlat && Number.isFinite(value) ? (value as number) : reader.fromJson(value);
      if (number !== undefined) return number;
      throw new InputError(`The data has no number in the column "${name}" of row ${i + 1}.`);
    });
  });
}

/**
 * As {@link baselineOfColumns}, from rows.
 *
 * @param rows objects that hold at least the schema's columns; null or absent is missing
 */
export const baselineOf = (schema: RawSchema, rows: Rows): Baseline =>
  baselineOfColumns(schema, columnsOf(schema, rows));

const cellsOf = (schema: RawSchema, columns: readonly Float64Array[]): Record<string, ColumnCells> =>
  Object.fromEntries(
    schema.map((column, c) => [
      column.name,
      'values' in column ? categoryCells(columns[c], column.values ?? []) : numberCells(columns[c]),
    ]),
  );

/** A baseline of version 2, with the counts of each cell; `rows` must be all rows, none of them left out. */
export function countedBaseline(schema: RawSchema, rows: Rows): Baseline {
  const columns = columnsOf(schema, rows);
  return { ...baselineOfColumns(schema, columns), format_version: 2, cells: cellsOf(schema, columns) };
}

/**
 * An empty baseline whose cells only count later rows, some of which can become the reference.
 *
 * @param rows synthetic rows whose values separate the regions that the model treats differently
 */
export function uncountedBaseline(schema: RawSchema, rows: Rows): Baseline {
  const columns = columnsOf(schema, rows);
  const cells = schema.map((column, c): [string, ColumnCells] => {
    const { minimum, uppers } = numberCells(columns[c]);
    const zeros = (of: readonly unknown[]): number[] => of.map(() => 0);
    if (!('values' in column)) return [column.name, { missing: 0, minimum, uppers, counts: zeros(uppers) }];
    const all = column.values ?? [];
    const values = all.length <= MAX_BINS ? all : all.slice(0, MAX_BINS - 1);
    return [column.name, { missing: 0, values, counts: zeros(values), other: 0, singletons: 0, unseen: 0 }];
  });
  return { format_version: 2, rows: 0, columns: {}, cells: Object.fromEntries(cells) };
}
