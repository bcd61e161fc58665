import { type CellValue, kindOf, type RawColumn } from '#schema';
import type { PreparedOwn } from '../files/prepared-data.js';
import { readCells, withVocabularies } from '../data/own-parts.js';
import type { PreparedPart } from '../data/prepared.js';
import type { OwnModel } from '../model-file/own-model.js';
import { rawColumn } from '../model-file/recipe-of.js';

/** Rows that have one value in a column, or one of its rarer ones. */
export interface SliceName {
  readonly column: string;
  /** Null where there is none; not there of the rarer values. */
  readonly value?: CellValue;
  /** How many values are taken together, as few rows have each. */
  readonly others?: number;
}

/** Their places in the test part. */
export interface SlicedRows {
  readonly name: SliceName;
  readonly places: readonly number[];
}

/** Fewer rows say next to nothing. */
const FEWEST_ROWS = 10;
/** Of one column. */
const MOST_VALUES = 12;

const SLICED: readonly RawColumn['type'][] = ['category', 'text', 'boolean'];

/** The slices of one column: its commonest values, and all others together; none where that would be one slice. */
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
 * Rows of the test part by each of the table's categories, texts and truth values, also those that the model does not get: what
 * it is worth for some may be told by what it must not know.
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
    // As the test part has them: whatever it has is a slice.
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
