import { type Dispersion, designEffect, logClusterTest, logFisherExact, newcombe, type Proportion } from '#statistics';
import type { ColumnPlan } from '../cells/column-plan.js';
import type { Split } from '../cells/split.js';
import type { Scale } from '../time/scales.js';
import { type EffectFloor, matters } from './effect.js';
import { splitWords } from './words.js';

/** The result of testing one split of a column in a window. */
export interface SplitFinding {
  /** "values above 61.2" */
  readonly split: string;
  /** Shares of rows, 0 to 1. */
  readonly baseline: number;
  readonly now: number;
  /** 95 % interval of `now`: the baseline's share and Newcombe's interval of the difference. */
  readonly low: number;
  readonly high: number;
  /** Natural logarithm of the p-value, corrected for all splits of the column (weighted Bonferroni). */
  readonly logP: number;
}

/** One column's cells in one window, and the reference's. */
export interface ColumnWindow {
  readonly column: ColumnPlan;
  readonly reference: Float64Array;
  readonly now: Float64Array;
  readonly dispersion: (split: number) => Dispersion;
  readonly scale: Scale;
  readonly isIndependent: boolean;
}

const sumOf = (cells: Float64Array, from: number, to: number): number => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += cells[i];
  return sum;
};

/** The rows on the side that a split is named after. */
function proportion(cells: Float64Array, { kind, from, to, populationFrom, populationTo }: Split): Proportion {
  const rows = sumOf(cells, populationFrom, populationTo);
  const run = sumOf(cells, from, to);
  return { count: kind === 'outside' ? rows - run : run, rows };
}

/** New values repeat: a window larger than the reference shows more of them than the reference could, so it is scaled down. */
function scaledTo(reference: Proportion, { count, rows }: Proportion): Proportion {
  if (rows <= reference.rows) return { count, rows };
  return { count: Math.round((count * reference.rows) / rows), rows: reference.rows };
}

/**
 * ln p of a split. For rows that are not independent it is the larger of Fisher's and the cluster-robust one, or 0 where there are
 * too few minutes for the latter: such a window finds nothing.
 *
 * @param stopAbove see {@link logFisherExact}
 */
function logPOf(window: ColumnWindow, s: number, before: Proportion, after: Proportion, stopAbove: number): number {
  const sample = window.column.splits[s].kind === 'outside' ? scaledTo(before, after) : after;
  const exact = logFisherExact(sample, before, stopAbove);
  if (window.isIndependent || exact > stopAbove) return exact;
  return Math.max(exact, logClusterTest(after, before, window.dispersion(s)) ?? 0);
}

/** Windows of an hour test only for missing and unseen values, with equal weights; distributions need a day. */
function weightOf({ column, scale }: Pick<ColumnWindow, 'column' | 'scale'>, { kind, weight }: Split): number {
  const isGap = kind === 'missing' || kind === 'outside';
  if (isGap && (column.untested as readonly string[]).includes(kind)) return 0;
  if (scale !== '1h' || column.role === 'class') return weight;
  return isGap && column.role === 'input' ? 0.5 : 0;
}

function findingOf(window: ColumnWindow, s: number, logP: number): SplitFinding {
  const { column, reference, now } = window;
  const split = column.splits[s];
  const [before, after] = [proportion(reference, split), proportion(now, split)];
  const [baseline, share] = [before, after].map(({ count, rows }) => (rows === 0 ? 0 : count / rows));
  const effect = window.isIndependent ? 1 : Math.max(1, designEffect(window.dispersion(s)) ?? 1);
  const { low, high } = newcombe({ count: after.count / effect, rows: after.rows / effect }, before);
  const ends = [low, high].map((difference) => Math.min(1, Math.max(0, baseline + difference)));
  return { split: splitWords(column, split), baseline, now: share, low: ends[0], high: ends[1], logP };
}

/** Tests all splits of the window, in their fixed order. */
export function askedSplits(window: ColumnWindow): SplitFinding[] {
  return window.column.splits.flatMap((split, s) => {
    const weight = weightOf(window, split);
    const [before, after] = [proportion(window.reference, split), proportion(window.now, split)];
    if (weight === 0 || before.rows === 0 || after.rows === 0) return [];
    const logP = logPOf(window, s, before, after, Infinity) - Math.log(weight);
    return findingOf(window, s, Math.min(0, logP));
  });
}

/** The split with the strongest evidence of a change; null where none was tested. */
export const strongestOf = (splits: readonly SplitFinding[]): SplitFinding | null =>
  splits.reduce<SplitFinding | null>(
    (least, split) => (least === null || split.logP < least.logP ? split : least),
    null,
  );

/** Of the splits that are significant and whose change matters, the one with the smallest p-value; null where there is none. */
export function alarmOf(window: ColumnWindow, logLevel: number, floor: EffectFloor, part = 1): SplitFinding | null {
  let best = -1;
  let least = logLevel;
  window.column.splits.forEach((split, s) => {
    const weight = weightOf(window, split);
    if (weight === 0) return;
    const [before, after] = [proportion(window.reference, split), proportion(window.now, split)];
    if (before.rows === 0 || after.rows === 0 || !matters(before, after, floor, part)) return;
    const logP = logPOf(window, s, before, after, logLevel + Math.log(weight)) - Math.log(weight);
    if (logP <= least) [best, least] = [s, logP];
  });
  return best < 0 ? null : findingOf(window, best, Math.min(0, least));
}
