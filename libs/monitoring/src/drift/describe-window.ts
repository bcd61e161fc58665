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

/** The verdict of a window on a column. */
export type ColumnStatus = 'as_usual' | 'moved' | 'too_few_rows' | 'no_baseline';

/** Distances between the window's shares and the reference's. They ignore sampling error, so they never raise an alarm. */
export interface Distances {
  readonly population_stability: number;
  readonly kolmogorov_smirnov: number;
  readonly jensen_shannon: number;
  /** In the unit of the column; null for categories. */
  readonly wasserstein: number | null;
}

/** One column of a monitoring page. Shares are 0 to 1. */
export interface ColumnDescription {
  readonly name: string;
  readonly status: ColumnStatus;
  /** The split with the strongest evidence of a change, as a sentence; null where none can be tested. */
  readonly words: string | null;
  readonly finding: SplitFinding | null;
  /** All splits that were tested, in their fixed order. */
  readonly splits: readonly SplitFinding[];
  /** Vovk and Wang's e-value of the finding: 1 / (2 sqrt(p)). */
  readonly e_value: number | null;
  /** Share of rows that would have to move to match the reference (total variation). */
  readonly moved: number;
  readonly missing: number;
  /** Share of rows beyond the range or never seen. */
  readonly unseen: number;
  /** Smallest added share of rows above the reference's middle that would be detected with a power of 80 %; null: none. */
  readonly smallest_visible: number | null;
  readonly distances: Distances;
}

export interface WindowDescription {
  readonly status: ColumnStatus;
  readonly rows: number;
  /** Whether rows were treated as independent; else as clustered by minute, which needs more of them. */
  readonly independent: boolean;
  readonly design_effect: number | null;
  /** Why this window cannot detect anything; null where it can. */
  readonly silent: string | null;
  readonly columns: readonly ColumnDescription[];
}

const share = (count: number, rows: number): number => (rows === 0 ? 0 : count / rows);
const LARGEST_E = 1e12;

/** Kolmogorov-Smirnov leaves out missing values, Wasserstein also those outside of the range; the others compare all cells. */
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

/** See {@link ColumnDescription.smallest_visible}. */
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
 * Describes a window for a page, closed or still open: all columns in words, and which change could have gone undetected. Open
 * windows are shown but raise no alarm.
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
