import { designEffect } from '#statistics';
import type { MonitorPlan } from '../cells/monitor-plan.js';
import { dispersionOf, type HourCounts } from '../counts/hour-counts.js';

/** How many standard deviations of chance a design effect must exceed 1 by. */
const DEVIATIONS = 3;

/**
 * How a window's rows may be judged: each as a row of its own where every one came alone and minutes differ no more than chance
 * makes them differ; else by how much minutes differ.
 */
export interface Independence {
  readonly isIndependent: boolean;
  /** How many times as much minutes differ as those of independent rows would, on average over columns; null where it cannot be told. */
  readonly designEffect: number | null;
}

export function independenceOf(plan: MonitorPlan, window: HourCounts): Independence {
  let [sum, columns, degrees] = [0, 0, Infinity];
  plan.columns.forEach(({ splits }, c) => {
    // The cut near the median, or what comes nearest to it.
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
