import { type Scale, SCALE_NAMES, windowsIn30Days } from '../time/scales.js';
import type { ColumnPlan } from '../cells/column-plan.js';

/** Expected false alarms per model in 30 days. */
export const DEFAULT_BUDGET = 0.1;

/** A score tells of all columns at once: it has twice the level. */
const weightOf = ({ role }: ColumnPlan): number => (role === 'score' ? 2 : 1);

/**
 * The natural logarithm of the level of one column's test in one window: a budget is a sum of levels, which holds however tests
 * depend on each other. Each scale has a quarter, each window of it the same part.
 */
export function logLevel(columns: readonly ColumnPlan[], column: ColumnPlan, scale: Scale, budget: number): number {
  const weights = columns.reduce((sum, one) => sum + weightOf(one), 0);
  return Math.log((budget / SCALE_NAMES.length / windowsIn30Days(scale)) * (weightOf(column) / weights));
}
