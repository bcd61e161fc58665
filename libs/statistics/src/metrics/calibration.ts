import { predictedClasses } from './predicted-classes.js';
import type { ScoredRows } from './scored-rows.js';

const BINS = 10;

/** Rows whose probability lies in (from, to]; 0 is in the first bin. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The mean predicted probability; null in an empty bin. */
  readonly mean_probability: number | null;
  /** The observed share; null in an empty bin. */
  readonly observed_share: number | null;
}

/**
 * The reliability table over ten bins of equal width: with two classes, of the positive one's probability
 * (scikit-learn `calibration_curve`); with more, of the predicted class's probability (Guo et al.: On calibration of
 * modern neural networks, 2017).
 */
export function calibrationTable(rows: ScoredRows): CalibrationBin[] {
  const { labels, probabilities, classes } = rows;
  const width = classes.length;
  const predicted = width === 2 ? new Int32Array(labels.length).fill(1) : predictedClasses(rows);
  const edges = Array.from({ length: BINS + 1 }, (_, bin) => bin * (1 / BINS));
  const [counts, said, right] = [new Float64Array(BINS), new Float64Array(BINS), new Float64Array(BINS)];
  for (let row = 0; row < labels.length; row++) {
    const probability = probabilities[row * width + predicted[row]];
    let bin = 0;
    while (bin < BINS - 1 && probability > edges[bin + 1]) bin++;
    counts[bin]++;
    said[bin] += probability;
    if (labels[row] === predicted[row]) right[bin]++;
  }
  return Array.from(counts, (count, bin) => ({
    from: edges[bin],
    to: edges[bin + 1],
    count,
    mean_probability: count === 0 ? null : said[bin] / count,
    observed_share: count === 0 ? null : right[bin] / count,
  }));
}

/**
 * The expected calibration error: the mean distance between predicted probability and observed share, weighted by the
 * rows of each bin (Naeini, Cooper, Hauskrecht: Obtaining well calibrated probabilities using Bayesian binning, 2015).
 */
export function expectedCalibrationError(table: readonly CalibrationBin[]): number {
  const rows = table.reduce((sum, { count }) => sum + count, 0);
  return table.reduce(
    (sum, bin) => sum + (bin.count / rows) * Math.abs(bin.mean_probability! - bin.observed_share!),
    0,
  );
}
