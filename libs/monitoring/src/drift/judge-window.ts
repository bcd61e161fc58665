import type { ColumnPlan } from '../cells/column-plan.js';
import type { MonitorPlan } from '../cells/monitor-plan.js';
import { dispersionOf, type HourCounts } from '../counts/hour-counts.js';
import type { Scale } from '../time/scales.js';
import { DEFAULT_BUDGET, logLevel } from './budget.js';
import { DEFAULT_FLOOR, type EffectFloor } from './effect.js';
import { independenceOf } from './independence.js';
import { alarmOf, type ColumnWindow, type SplitFinding } from './judge-column.js';

/** What a person decides of the watch over a model. */
export interface WatchOptions {
  /** Expected false alarms per model in 30 days. */
  readonly budget?: number;
  readonly floor?: EffectFloor;
  /** Counts of a window that was adopted as the reference, in the plan's order; the bundle's baseline when not given. */
  readonly reference?: Float64Array;
}

/** A column that moved in a closed window. */
export interface Alarm extends SplitFinding {
  readonly column: string;
  readonly scale: Scale;
  readonly logLevel: number;
}

/** What one closed window says. */
export interface WindowVerdict {
  readonly alarms: readonly Alarm[];
  /** Columns that are still so far from the reference that an open episode goes on. */
  readonly lingering: readonly string[];
}

/** The columns' windows of merged hours. */
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

/** An hour's alarms hold for independent rows only: under batches of alike rows they broke the budget 25 times over. */
const isHonest = (scale: Scale, isIndependent: boolean): boolean => scale !== '1h' || isIndependent;

/** Judges a closed window of merged hours. A pure function: the same counts give the same verdict. */
export function judgeWindow(
  plan: MonitorPlan,
  hours: HourCounts,
  scale: Scale,
  options: WatchOptions = {},
  open: (column: string) => boolean = () => false,
): WindowVerdict {
  const { budget = DEFAULT_BUDGET, floor = DEFAULT_FLOOR } = options;
  const { windows, independence } = columnWindows(plan, hours, scale, options);
  if (!isHonest(scale, independence.isIndependent)) return { alarms: [], lingering: [] };
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
