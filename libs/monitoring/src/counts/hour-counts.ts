import { MAX_BINS } from '#bundle';
import type { Dispersion } from '#statistics';
import type { ColumnPlan } from '../cells/column-plan.js';
import type { MonitorPlan } from '../cells/monitor-plan.js';
import { CELLS_BESIDE_BINS, MAX_SPLITS } from '../cells/split.js';
import { addCounts, type Counts } from './counts.js';

/** The fields of a split's {@link Dispersion}, in their order in the flat array. */
const FIELDS = [
  'degrees',
  'squares',
  'fourths',
  'sizesWithin',
  'sizes',
  'expected',
] as const satisfies (keyof Dispersion)[];

/**
 * The counts of one or more hours, and how much their minutes differ. Hours are merged by adding them; the counts of a minute are
 * merged over all processes before its hour is closed.
 */
export interface HourCounts extends Counts {
  readonly cells: Float64Array;
  /** Six sums for each split of the plan. */
  readonly dispersion: Float64Array;
}

/** @param sums filled with the prefix sums of the cells: one more element than cells */
function prefixSums(cells: Counts['cells'], offset: number, count: number, sums: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < count; i++) sums[i + 1] = sum += cells[offset + i];
}

const MAX_CELLS = MAX_BINS + CELLS_BESIDE_BINS;
const numbers = (count: number): Float64Array => new Float64Array(count);

/** Reused for each column: allocating the arrays would cost as much as the computation. */
const SCRATCH = {
  whole: numbers(MAX_CELLS + 1),
  part: numbers(MAX_CELLS + 1),
  shares: numbers(MAX_SPLITS),
  blocks: numbers(MAX_SPLITS),
  squares: numbers(MAX_SPLITS),
  fourths: numbers(MAX_SPLITS),
  sizes: numbers(MAX_SPLITS),
};

/** Writes how much the minutes of a column differ to `dispersion`, from index `first` on. */
function disperse(
  column: ColumnPlan,
  offset: number,
  hour: Float64Array,
  minutes: readonly Counts[],
  dispersion: Float64Array,
  first: number,
): void {
  const { ends } = column;
  const count = column.splits.length;
  const { whole, part, shares, blocks, squares, fourths, sizes } = SCRATCH;
  for (const sums of [blocks, squares, fourths, sizes]) sums.fill(0);
  prefixSums(hour, offset, column.cells, whole);
  for (let s = 0, e = 0; s < count; s++, e += 4) {
    const all = whole[ends[e + 3]] - whole[ends[e + 2]];
    shares[s] = all === 0 ? 0 : (whole[ends[e + 1]] - whole[ends[e]]) / all;
  }
  for (const { cells } of minutes) {
    prefixSums(cells, offset, column.cells, part);
    for (let s = 0, e = 0; s < count; s++, e += 4) {
      const size = part[ends[e + 3]] - part[ends[e + 2]];
      if (size === 0) continue;
      const residual = part[ends[e + 1]] - part[ends[e]] - size * shares[s];
      const square = residual * residual;
      blocks[s]++;
      squares[s] += square;
      fourths[s] += square * square;
      sizes[s] += size * size;
    }
  }
  for (let s = 0, at = first; s < count; s++, at += FIELDS.length) {
    dispersion[at + 4] = sizes[s];
    if (blocks[s] < 2) continue;
    const all = whole[ends[4 * s + 3]] - whole[ends[4 * s + 2]];
    dispersion[at] = blocks[s] - 1;
    dispersion[at + 1] = squares[s];
    dispersion[at + 2] = fourths[s];
    dispersion[at + 3] = (sizes[s] * (blocks[s] - 1)) / blocks[s];
    // For independent rows the expected square of a residual is size * p (1 - p) (1 - size / all), with the unbiased p (1 - p).
    dispersion[at + 5] = ((shares[s] * (1 - shares[s]) * all) / (all - 1)) * (all - sizes[s] / all);
  }
}

/** Combines the minutes of an hour, each merged over all processes. */
export function closeHour(plan: MonitorPlan, minutes: readonly Counts[]): HourCounts {
  const { rows, calls, cells } = addCounts(minutes, plan.length);
  const dispersion = new Float64Array(plan.splits * FIELDS.length);
  plan.columns.forEach((column, c) => {
    disperse(column, plan.offsets[c], cells, minutes, dispersion, plan.firstSplits[c] * FIELDS.length);
  });
  return { rows, calls, cells, dispersion };
}

export function addHours(plan: MonitorPlan, hours: readonly HourCounts[]): HourCounts {
  if (hours.length === 1) return hours[0];
  const { rows, calls, cells } = addCounts(hours, plan.length);
  const dispersion = new Float64Array(plan.splits * FIELDS.length);
  for (const { dispersion: own } of hours) for (let i = 0; i < dispersion.length; i++) dispersion[i] += own[i];
  return { rows, calls, cells, dispersion };
}

/** @param split index among the splits of all columns */
export function dispersionOf({ dispersion }: HourCounts, split: number): Dispersion {
  const at = split * FIELDS.length;
  return {
    degrees: dispersion[at],
    squares: dispersion[at + 1],
    fourths: dispersion[at + 2],
    sizesWithin: dispersion[at + 3],
    sizes: dispersion[at + 4],
    expected: dispersion[at + 5],
  };
}
