import { type CategoryCells, type ColumnCells, MAX_BINS } from '#bundle';
import { BELOW, CELLS_BESIDE_BINS, FIRST_BIN, MISSING, type Split, splitsOf } from './split.js';

/** What a bin of a column holds. */
export type BinNames =
  | { readonly kind: 'numbers'; readonly minimum: number; readonly uppers: readonly number[] }
  | { readonly kind: 'values'; readonly values: readonly string[] };

/** How the rows of one column are counted and compared. */
export interface ColumnPlan {
  readonly name: string;
  /** The column's role in the model: columns of requests are inputs. */
  readonly role: 'input' | 'score' | 'class';
  readonly bins: BinNames;
  /** Number of cells: missing, below the range, the bins, above the range or never seen. */
  readonly cells: number;
  readonly splits: readonly Split[];
  /** The ends of the splits and of their populations, four numbers each: flat, because these are monitoring's hottest loops. */
  readonly ends: Int32Array;
  /** Counts of the reference, by cell. */
  readonly reference: Float64Array;
  /** Counts of the reference that cannot be trusted, because cleaning removed rows before they were counted. */
  readonly untested: readonly ('missing' | 'outside')[];
  /** Adds rows to the cells of `counts` that start at `offset`. */
  readonly count: (values: ArrayLike<number>, start: number, length: number, counts: Counter, offset: number) => void;
}

export type Counter = Float64Array | Uint32Array;

/**
 * Moves to `above` each row that would be outside of the range of all others. The reference has no rows outside by construction,
 * which underestimates their share (the leave-one-out estimate; I. J. Good, "The population frequencies of species", 1953).
 */
function leaveOneOut(counts: Float64Array, above: number, moved: readonly number[]): void {
  for (const cell of moved) {
    if (counts[cell] === 0) continue;
    counts[cell]--;
    counts[above]++;
  }
}

/** Bins without any counts are cut as if they had equal counts. */
const cutBy = (counts: readonly number[]): readonly number[] =>
  counts.some((count) => count > 0) ? counts : counts.map(() => 1);

/** A binary search of four comparisons finds one of 16 bins. */
function numberCounter(minimum: number, uppers: readonly number[], isSingle: boolean): ColumnPlan['count'] {
  const ends = new Float64Array(MAX_BINS).fill(Infinity);
  ends.set(uppers);
  const maximum = uppers[uppers.length - 1];
  const above = FIRST_BIN + uppers.length;
  return (values, start, length, counts, offset) => {
    for (let row = start; row < start + length; row++) {
      const value = isSingle ? Math.fround(values[row]) : values[row];
      let cell: number;
      if (value !== value) cell = MISSING;
      else if (value < minimum) cell = BELOW;
      else if (value > maximum) cell = above;
      else {
        let bin = value > ends[7] ? 8 : 0;
        if (value > ends[bin + 3]) bin += 4;
        if (value > ends[bin + 1]) bin += 2;
        if (value > ends[bin]) bin += 1;
        cell = FIRST_BIN + bin;
      }
      counts[offset + cell]++;
    }
  };
}

/** Counts missing and present values only, for columns without bins. */
const presenceCounter: ColumnPlan['count'] = (values, start, length, counts, offset) => {
  for (let row = start; row < start + length; row++) {
    const value = values[row];
    counts[offset + (value !== value ? MISSING : BELOW)]++;
  }
};

const splitEnds = (splits: readonly Split[]): Pick<ColumnPlan, 'splits' | 'ends'> => ({
  splits,
  ends: Int32Array.from(
    splits.flatMap(({ from, to, populationFrom, populationTo }) => [from, to, populationFrom, populationTo]),
  ),
});

export interface CountedNumbers {
  readonly name: string;
  readonly role?: ColumnPlan['role'];
  readonly missing: number;
  readonly minimum: number | null;
  readonly uppers: readonly number[];
  readonly counts: readonly number[];
  readonly untested?: ColumnPlan['untested'];
  /** Values are compared as float32, as scores are. */
  readonly isSingle?: boolean;
}

export function numberPlan(column: CountedNumbers): ColumnPlan {
  const { name, role = 'input', missing, minimum, uppers, counts, untested = [], isSingle = false } = column;
  const above = FIRST_BIN + counts.length;
  const reference = new Float64Array(counts.length + CELLS_BESIDE_BINS);
  reference.set([missing, 0, ...counts]);
  leaveOneOut(reference, above, counts.length === 0 ? [] : [FIRST_BIN, above - 1]);
  return {
    name,
    role,
    bins: { kind: 'numbers', minimum: minimum ?? NaN, uppers },
    cells: reference.length,
    ...splitEnds(splitsOf(cutBy(counts), true)),
    reference,
    untested,
    count: minimum === null ? presenceCounter : numberCounter(minimum, uppers, isSingle),
  };
}

function codeCounter(cellOf: Int32Array, unseen: number): ColumnPlan['count'] {
  return (values, start, length, counts, offset) => {
    for (let row = start; row < start + length; row++) {
      const code = values[row];
      counts[offset + (code !== code ? MISSING : (cellOf[code] ?? unseen))]++;
    }
  };
}

/** @param vocabulary values by code; a value outside of it has a negative code */
export function categoryPlan(
  name: string,
  { missing, values, counts, other, singletons, unseen }: CategoryCells,
  vocabulary: readonly (string | number)[],
  role: ColumnPlan['role'] = 'input',
): ColumnPlan {
  const isCounted = counts.some((count) => count > 0);
  const hasOther = other > 0 || (!isCounted && values.length < vocabulary.length);
  const all = hasOther ? [...counts, other] : counts;
  const above = FIRST_BIN + all.length;
  const reference = new Float64Array(all.length + CELLS_BESIDE_BINS);
  reference.set([missing, 0, ...all, unseen]);
  if (role === 'input') {
    const own = counts.flatMap((count, bin) => (count === 1 ? [FIRST_BIN + bin] : []));
    const hidden = Math.max(0, Math.min(other, singletons - own.length));
    leaveOneOut(reference, above, [...own, ...new Array<number>(hidden).fill(above - 1)]);
  }
  const bins = new Map(values.map((value, bin) => [value, FIRST_BIN + bin]));
  const rest = hasOther ? above - 1 : above;
  const names = values.map((value) => JSON.stringify(value));
  return {
    name,
    role,
    bins: { kind: 'values', values: hasOther ? [...names, 'other known values'] : names },
    cells: reference.length,
    ...splitEnds(splitsOf(cutBy(all), false)),
    reference,
    untested: [],
    count: codeCounter(
      Int32Array.from(vocabulary, (value) => bins.get(value) ?? rest),
      above,
    ),
  };
}

export const isCategory = (cells: ColumnCells): cells is CategoryCells => 'values' in cells;
