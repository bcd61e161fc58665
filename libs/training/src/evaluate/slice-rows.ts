import { type CellValue, kindOf, type RawColumn } from '#schema';
import type { PreparedOwn } from '../files/prepared-data.js';
import { readCells, withVocabularies } from '../data/own-parts.js';
import type { PreparedPart } from '../data/prepared.js';
import type { OwnModel } from '../model-file/own-model.js';
import { rawColumn } from '../model-file/recipe-of.js';

/** Rows that share one value of a column, or that have one of its rarer values. */
export interface SliceName {
  readonly column: string;
  /** Null for missing; absent for the rarer values. */
  readonly value?: CellValue;
  /** The number of rarer values taken together. */
  readonly others?: number;
}

/** Their row indices in the test part. */
export interface SlicedRows {
  readonly name: SliceName;
  readonly places: readonly number[];
}

/** Scores of fewer rows are too uncertain. */
const FEWEST_ROWS = 10;
/** Slices per column. */
const MOST_VALUES = 12;

const SLICED: readonly RawColumn['type'][] = ['category', 'text', 'boolean'];

/** The slices of one column: its most frequent values, and all others together; empty if that is a single slice. */
function slicesOf(column: RawColumn, cells: Float64Array): SlicedRows[] {
  const places = new Map<number, number[]>();
  cells.forEach((cell, row) => {
    const known = places.get(cell);
    if (known) known.push(row);
    else places.set(cell, [row]);
  });
  const ordered = [...places].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
  const isOwn = ([, rows]: (typeof ordered)[number], i: number): boolean =>
    i < MOST_VALUES && rows.length >= FEWEST_ROWS;
  const others = ordered.filter((one, i) => !isOwn(one, i));
  const reader = kindOf(column).reader({ ...column, nullable: true });
  const slices: SlicedRows[] = ordered
    .filter(isOwn)
    .map(([cell, rows]) => ({ name: { column: column.name, value: reader.toValue(cell) }, places: rows }));
  if (slices.length === 0) return [];
  if (others.length > 0) {
    const rest = others.flatMap(([, rows]) => rows).sort((a, b) => a - b);
    slices.push({ name: { column: column.name, others: others.length }, places: rest });
  }
  return slices.length > 1 ? slices : [];
}

/**
 * Rows of the test part by each categorical, text and boolean column of the table. Columns that the model does not use
 * are included: they can reveal groups that it treats badly.
 *
 * @param file the test part
 */
export async function sliceRows(
  file: string,
  inputs: readonly RawColumn[],
  { raw }: Pick<PreparedPart, 'raw'>,
  { own, prepared, missing }: SliceOptions,
  signal?: AbortSignal,
): Promise<SlicedRows[]> {
  if (!own) return inputs.flatMap((column, c) => (column.type === 'boolean' ? slicesOf(column, raw[c]) : []));
  const columns = [...own.model.columns].flatMap(([name, column]) => {
    if (!SLICED.includes(column.type)) return [];
    // The vocabulary of the test part: every value in it can be a slice.
    return rawColumn(name, { ...column, values: undefined, unknown: 'other' } as typeof column);
  });
  if (columns.length === 0) return [];
  const table = { inputs: columns, steps: [], outputs: [], ...(missing && { missing }) };
  const known = await withVocabularies(file, table, prepared as PreparedOwn, signal);
  const cells = await readCells(file, known, prepared as PreparedOwn, signal);
  return known.inputs.flatMap((column, c) => slicesOf(column, cells.raw[c]));
}

interface SliceOptions {
  readonly own?: OwnModel;
  readonly prepared: Partial<PreparedOwn>;
  readonly missing?: readonly string[];
}
