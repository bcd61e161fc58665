import { designEffect } from '#statistics';
import type { MonitorPlan } from '../cells/monitor-plan.js';
import { dispersionOf, type HourCounts } from '../counts/hour-counts.js';

/** Standard errors by which a design effect must exceed 1. */
const DEVIATIONS = 3;

/**
 * Whether the rows of a window count as independent: every row came in its own request, and minutes differ no more than by chance.
 * Else rows are clustered by minute.
 */
export interface Independence {
  readonly isIndependent: boolean;
  /** Variance between minutes relative to that of independent rows, averaged over columns; null where it cannot be estimated. */
  readonly designEffect: number | null;
}

export function independenceOf(plan: MonitorPlan, window: HourCounts): Independence {
  let [sum, columns, degrees] = [0, 0, Infinity];
  plan.columns.forEach(({ splits }, c) => {
    // The split of the largest weight: the cut near the median where there is one.
    const widest = splits.reduce((best, { weight }, s) => (weight > splits[best].weight ? s : best), 0);
    const dispersion = dispersionOf(window, plan.firstSplits[c] + widest);
    const effect = designEffect(dispersion);
    if (effect === null) return;
    sum += effect;
    columns++;
    degrees = Math.min(degrees, dispersion.degrees);
  });
  if (columns === 0) return { isIndependent: false, designEffect: null };
  const mean = sum / columns;
  const byChance = 1 + DEVIATIONS * Math.sqrt(2 / degrees);
  return { isIndependent: window.rows === window.calls && mean <= byChance, designEffect: mean };
}
