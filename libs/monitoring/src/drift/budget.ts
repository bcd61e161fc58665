import { type Scale, SCALE_NAMES, windowsIn30Days } from '../time/scales.js';
import type { ColumnPlan } from '../cells/column-plan.js';

/** Expected false alarms per model in 30 days. */
export const DEFAULT_BUDGET = 0.1;

/** The score depends on all columns, so it has twice the level. */
const weightOf = ({ role }: ColumnPlan): number => (role === 'score' ? 2 : 1);

/**
 * The natural logarithm of the significance level of one column's test in one window. The levels of all tests sum to the budget,
 * which holds for dependent tests too. Each scale has a quarter of it, shared equally by its windows.
 */
export function logLevel(columns: readonly ColumnPlan[], column: ColumnPlan, scale: Scale, budget: number): number {
  const weights = columns.reduce((sum, one) => sum + weightOf(one), 0);
  return Math.log((budget / SCALE_NAMES.length / windowsIn30Days(scale)) * (weightOf(column) / weights));
}
