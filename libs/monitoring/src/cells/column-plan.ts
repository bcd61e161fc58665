import { type CategoryCells, type ColumnCells, MAX_BINS } from '#bundle';
import { BELOW, CELLS_BESIDE_BINS, FIRST_BIN, MISSING, type Split, splitsOf } from './split.js';

/** What a bin of a column holds. */
export type BinNames =
  | { readonly kind: 'numbers'; readonly minimum: number; readonly uppers: readonly number[] }
  | { readonly kind: 'values'; readonly values: readonly string[] };

/** How the rows of one column are counted and compared. */
export interface ColumnPlan {
  readonly name: string;
  /** What the column is to a model; columns of rows it was asked with are inputs. */
  readonly role: 'input' | 'score' | 'class';
  readonly bins: BinNames;
  /** Missing, below the range, bins, above the range or never seen. */
  readonly cells: number;
  readonly splits: readonly Split[];
  /** The ends of the splits and of their populations, four numbers each: loops over them are the dearest of the watch. */
  readonly ends: Int32Array;
  /** Counts of the reference, by cell. */
  readonly reference: Float64Array;
  /** Which of the reference's counts cannot be trusted, as rows were left out before they were counted. */
  readonly untested: readonly ('missing' | 'outside')[];
  /** Adds rows to cells, which stand from `offset` on. */
  readonly count: (values: ArrayLike<number>, start: number, length: number, counts: Counter, offset: number) => void;
}

export type Counter = Float64Array | Uint32Array;

/**
 * Moves to `outside` the rows that would be outside if each were the new one, as its count is 0 by construction and 0 is wrong
 * (the leave-one-out estimate; I. J. Good, "The population frequencies of species", 1953).
 */
function leaveOneOut(counts: Float64Array, above: number, moved: readonly number[]): void {
  for (const cell of moved) {
    if (counts[cell] === 0) continue;
    counts[cell]--;
    counts[above]++;
  }
}

/** Where nothing is known of the bins, they are cut as if all were alike. */
const cutBy = (counts: readonly number[]): readonly number[] =>
  counts.some((count) => count > 0) ? counts : counts.map(() => 1);

/** Four comparisons find one of 16 bins. */
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

/** A column of which nothing but whether a value is there can be compared. */
const nothingCounter: ColumnPlan['count'] = (values, start, length, counts, offset) => {
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
    count: minimum === null ? nothingCounter : numberCounter(minimum, uppers, isSingle),
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

/** @param vocabulary by code; what it does not hold has a negative code */
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
