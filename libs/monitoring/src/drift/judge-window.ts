import type { ColumnPlan } from '../cells/column-plan.js';
import type { MonitorPlan } from '../cells/monitor-plan.js';
import { dispersionOf, type HourCounts } from '../counts/hour-counts.js';
import type { Scale } from '../time/scales.js';
import { DEFAULT_BUDGET, logLevel } from './budget.js';
import { DEFAULT_FLOOR, type EffectFloor } from './effect.js';
import { independenceOf } from './independence.js';
import { alarmOf, type ColumnWindow, type SplitFinding } from './judge-column.js';

/** The user's options for monitoring a model. */
export interface WatchOptions {
  /** Expected false alarms per model in 30 days. */
  readonly budget?: number;
  readonly floor?: EffectFloor;
  /** Counts of a window that was adopted as the reference, in the plan's order; by default the bundle's baseline. */
  readonly reference?: Float64Array;
}

/** A column that moved in a closed window. */
export interface Alarm extends SplitFinding {
  readonly column: string;
  readonly scale: Scale;
  readonly logLevel: number;
}

/** The verdict on one closed window. */
export interface WindowVerdict {
  readonly alarms: readonly Alarm[];
  /** Columns that are still too far from the reference for an open episode to close. */
  readonly lingering: readonly string[];
}

/** Divides merged hours into their columns. */
export function columnWindows(
  plan: MonitorPlan,
  hours: HourCounts,
  scale: Scale,
  { reference }: WatchOptions,
): { readonly windows: ColumnWindow[]; readonly independence: ReturnType<typeof independenceOf> } {
  const independence = independenceOf(plan, hours);
  const own = (all: Float64Array, c: number): Float64Array =>
    all.subarray(plan.offsets[c], plan.offsets[c] + plan.columns[c].cells);
  const windows = plan.columns.map((column, c) => ({
    column,
    reference: reference ? own(reference, c) : column.reference,
    now: own(hours.cells, c),
    dispersion: (split: number) => dispersionOf(hours, plan.firstSplits[c] + split),
    scale,
    isIndependent: independence.isIndependent,
  }));
  return { windows, independence };
}

/** The tests of an hour are valid for independent rows only: batches of similar rows exceeded the budget 25 times over. */
const isValid = (scale: Scale, isIndependent: boolean): boolean => scale !== '1h' || isIndependent;

/** Judges a closed window of merged hours. A pure function of the counts. */
export function judgeWindow(
  plan: MonitorPlan,
  hours: HourCounts,
  scale: Scale,
  options: WatchOptions = {},
  open: (column: string) => boolean = () => false,
): WindowVerdict {
  const { budget = DEFAULT_BUDGET, floor = DEFAULT_FLOOR } = options;
  const { windows, independence } = columnWindows(plan, hours, scale, options);
  if (!isValid(scale, independence.isIndependent)) return { alarms: [], lingering: [] };
  const level = (column: ColumnPlan): number => logLevel(plan.columns, column, scale, budget);
  const alarms: Alarm[] = [];
  const lingering: string[] = [];
  for (const window of windows) {
    const { column } = window;
    const found = alarmOf(window, level(column), floor);
    if (found) alarms.push({ column: column.name, scale, logLevel: level(column), ...found });
    if (found ?? (open(column.name) && alarmOf(window, level(column), floor, 0.5))) lingering.push(column.name);
  }
  return { alarms, lingering };
}
