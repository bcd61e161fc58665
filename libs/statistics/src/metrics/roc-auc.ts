import type { Ranking } from './ranking.js';

/**
 * The area under the ROC curve: the share of pairs of a positive and a negative row in which the positive one has the
 * higher score; ties count half (Hanley and McNeil 1982; the U statistic of Mann and Whitney 1947).
 *
 * @param weights how often each row counts
 * @returns null when there is no positive row or no negative one
 */
export function rocAuc({ rows, positive, closesTie }: Ranking, weights: Uint8Array): number | null {
  // Separate declarations: with an array pattern V8 runs this loop at half the speed.
  let positives = 0;
  let negatives = 0;
  let area = 0;
  let tiedPositives = 0;
  let tiedNegatives = 0;
  for (let rank = 0; rank < rows.length; rank++) {
    const weight = weights[rows[rank]];
    if (positive[rank] === 1) tiedPositives += weight;
    else tiedNegatives += weight;
    if (closesTie[rank] === 1) {
      area += tiedNegatives * (positives + tiedPositives / 2);
      positives += tiedPositives;
      negatives += tiedNegatives;
      tiedPositives = tiedNegatives = 0;
    }
  }
  return positives * negatives === 0 ? null : area / (positives * negatives);
}
