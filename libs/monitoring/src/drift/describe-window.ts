import {
  binnedKolmogorovSmirnov,
  binnedWasserstein,
  jensenShannon,
  populationStability,
  smallestVisibleShare,
  totalVariation,
} from '#statistics';
import type { ColumnPlan } from '../cells/column-plan.js';
import type { MonitorPlan } from '../cells/monitor-plan.js';
import { BELOW, FIRST_BIN, MISSING } from '../cells/split.js';
import type { HourCounts } from '../counts/hour-counts.js';
import type { Scale } from '../time/scales.js';
import { DEFAULT_BUDGET, logLevel } from './budget.js';
import { DEFAULT_FLOOR } from './effect.js';
import { alarmOf, askedSplits, type ColumnWindow, type SplitFinding, strongestOf } from './judge-column.js';
import { columnWindows, type WatchOptions } from './judge-window.js';
import { changeWords } from './words.js';

/** What a window says of a column. */
export type ColumnStatus = 'as_usual' | 'moved' | 'too_few_rows' | 'no_baseline';

/** Distances of the window's shares from the reference's: shown, never alarmed on, as none of them knows what chance makes. */
export interface Distances {
  readonly population_stability: number;
  readonly kolmogorov_smirnov: number;
  readonly jensen_shannon: number;
  /** In the unit of the column; null where bins are values. */
  readonly wasserstein: number | null;
}

/** One column of a page of the watch. Shares are 0 to 1. */
export interface ColumnDescription {
  readonly name: string;
  readonly status: ColumnStatus;
  /** The split that speaks most against "as usual", in a sentence; null where nothing can be asked. */
  readonly words: string | null;
  readonly finding: SplitFinding | null;
  /** All splits that were asked, in their fixed order. */
  readonly splits: readonly SplitFinding[];
  /** Vovk and Wang's e-value of the finding: 1 / (2 sqrt(p)). */
  readonly e_value: number | null;
  /** Share of rows that would have to be moved to be as in the reference. */
  readonly moved: number;
  readonly missing: number;
  /** Beyond the range, or never seen. */
  readonly unseen: number;
  /** The smallest share of rows that, added above the middle of the reference, would have been found four times in five; null: none. */
  readonly smallest_visible: number | null;
  readonly distances: Distances;
}

export interface WindowDescription {
  readonly status: ColumnStatus;
  readonly rows: number;
  /** Whether rows were judged one by one; else by how much minutes differ, which takes more of them. */
  readonly independent: boolean;
  readonly design_effect: number | null;
  /** Why nothing can be found here whatever comes; null where something can. */
  readonly silent: string | null;
  readonly columns: readonly ColumnDescription[];
}

const share = (count: number, rows: number): number => (rows === 0 ? 0 : count / rows);
const LARGEST_E = 1e12;

/** Whether a value is there comes first, then how it lies: all cells take part. */
function distancesOf({ bins }: ColumnPlan, reference: Float64Array, now: Float64Array): Distances {
  const sum = (cells: Float64Array): number => cells.reduce((all, count) => all + count, 0);
  const rows = { expected: Math.max(1, sum(reference)), actual: Math.max(1, sum(now)) };
  const shares = (cells: Float64Array, of: number): number[] => Array.from(cells, (count) => count / of);
  const present = { expected: reference.subarray(BELOW), actual: now.subarray(BELOW) };
  const inside = { expected: reference.subarray(FIRST_BIN, -1), actual: now.subarray(FIRST_BIN, -1) };
  return {
    population_stability: populationStability(shares(reference, rows.expected), shares(now, rows.actual), rows),
    kolmogorov_smirnov: binnedKolmogorovSmirnov(present),
    jensen_shannon: jensenShannon({ expected: reference, actual: now }),
    wasserstein: bins.kind === 'numbers' ? binnedWasserstein(inside, [bins.minimum, ...bins.uppers]) : null,
  };
}

/** By how many points the share above the middle would have had to rise. */
function smallestVisible({ column, reference, now }: ColumnWindow, level: number): number | null {
  const middle = column.splits.find(({ kind }) => kind === 'above') ?? column.splits[0];
  const sum = (cells: Float64Array, from: number, to: number): number =>
    cells.subarray(from, to).reduce((all, count) => all + count, 0);
  const { from, to, populationFrom, populationTo, weight } = middle;
  const before = { count: sum(reference, from, to), rows: sum(reference, populationFrom, populationTo) };
  if (before.rows === 0) return null;
  const visible = smallestVisibleShare(before, sum(now, populationFrom, populationTo), level + Math.log(weight));
  return visible === null ? null : visible - before.count / before.rows;
}

function describeColumn(
  window: ColumnWindow,
  level: number,
  isSilent: boolean,
  options: WatchOptions,
): ColumnDescription {
  const { column, reference, now } = window;
  const rows = now.reduce((sum, count) => sum + count, 0);
  const isCompared = reference.some((count) => count > 0);
  const alarm = isSilent ? null : alarmOf(window, level, options.floor ?? DEFAULT_FLOOR);
  const splits = isCompared ? askedSplits(window) : [];
  const finding = alarm ?? strongestOf(splits);
  const visible = isSilent ? null : smallestVisible(window, level);
  const unseen = now[BELOW] + now[now.length - 1];
  return {
    name: column.name,
    status: alarm ? 'moved' : !isCompared ? 'no_baseline' : visible === null ? 'too_few_rows' : 'as_usual',
    words: finding && changeWords(finding.split, finding.baseline, finding.now, finding.low, finding.high),
    finding,
    splits,
    e_value: finding && Math.min(LARGEST_E, Math.exp(-finding.logP / 2) / 2),
    moved: rows === 0 || !isCompared ? 0 : totalVariation({ expected: reference, actual: now }),
    missing: share(now[MISSING], rows),
    unseen: column.bins.kind === 'numbers' && column.splits.length === 1 ? 0 : share(unseen, rows),
    smallest_visible: visible,
    distances: distancesOf(column, isCompared ? reference : now, now),
  };
}

function whySilent(
  scale: Scale,
  hours: HourCounts,
  { isIndependent, designEffect }: ReturnType<typeof columnWindows>['independence'],
): string | null {
  if (hours.rows === 0) return 'No row came.';
  if (isIndependent) return null;
  if (designEffect === null) return 'Too few minutes with rows to tell how alike the rows of a minute are.';
  if (scale === '1h') return 'Rows came in batches or alike: an hour of such rows cannot tell drift from a batch.';
  return null;
}

/**
 * What a page shows of a window, closed or not: all columns in words, with what chance could have hidden. Open windows are shown, and
 * are no alarm.
 */
export function describeWindow(
  plan: MonitorPlan,
  hours: HourCounts,
  scale: Scale,
  options: WatchOptions = {},
): WindowDescription {
  const { windows, independence } = columnWindows(plan, hours, scale, options);
  const silent = whySilent(scale, hours, independence);
  const level = (column: ColumnPlan): number => logLevel(plan.columns, column, scale, options.budget ?? DEFAULT_BUDGET);
  const columns = windows.map((window) => describeColumn(window, level(window.column), silent !== null, options));
  const has = (status: ColumnStatus): boolean => columns.some((column) => column.status === status);
  const status = (['moved', 'as_usual', 'too_few_rows'] as const).find(has) ?? 'no_baseline';
  return {
    status,
    rows: hours.rows,
    independent: independence.isIndependent,
    design_effect: independence.designEffect,
    silent,
    columns,
  };
}
