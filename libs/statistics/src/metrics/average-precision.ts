import type { Ranking } from './ranking.js';

/**
 * The area under the precision-recall curve as scikit-learn's `average_precision_score` defines it: over falling
 * thresholds, the sum of precision times the gain in recall, without interpolation (see Davis and Goadrich 2006).
 *
 * @returns null when there is no positive row
 */
export function averagePrecision({ positive, closesTie }: Ranking): number | null {
  let found = 0;
  let foundBefore = 0;
  let sum = 0;
  for (let rank = 0; rank < positive.length; rank++) {
    found += positive[rank];
    if (closesTie[rank] === 1) {
      sum += ((found - foundBefore) * found) / (rank + 1);
      foundBefore = found;
    }
  }
  return found === 0 ? null : sum / found;
}
