import type { Interval } from './bootstrap/percentile-interval.js';
import type { PredictedRows } from './evaluate-regression.js';
import { wilson } from './intervals/proportions.js';
import { rowLosses } from './metrics/log-loss.js';
import { predictedClasses } from './metrics/predicted-classes.js';
import type { ScoredRows } from './metrics/scored-rows.js';

/** The scores of a classifier on some of the rows. */
export interface ClassifierSlice {
  readonly rows: number;
  readonly accuracy: number;
  /** Wilson interval of the accuracy. */
  readonly interval: Interval;
  readonly log_loss: number;
  /** With two classes: the mean probability of the positive one, and its share of the rows. */
  readonly said?: number;
  readonly observed?: number;
}

/** The scores of a regression on some of the rows, in units of the target. */
export interface RegressionSlice {
  readonly rows: number;
  readonly rmse: number;
  /** Mean error: above 0 where predictions are too high. */
  readonly bias: number;
}

/**
 * Scores a classifier on each of some sets of rows, which may overlap.
 *
 * @param slices row indices of each set; none is empty
 */
export function sliceClassifier(sample: ScoredRows, slices: readonly (readonly number[])[]): ClassifierSlice[] {
  const { labels, probabilities, classes } = sample;
  const [losses, predicted] = [rowLosses(sample), predictedClasses(sample)];
  return slices.map((places) => {
    let [right, loss, said, observed] = [0, 0, 0, 0];
    for (const row of places) {
      right += Number(predicted[row] === labels[row]);
      loss += losses[row];
      said += probabilities[row * classes.length + 1];
      observed += Number(labels[row] === 1);
    }
    const rows = places.length;
    return {
      rows,
      accuracy: right / rows,
      interval: wilson({ count: right, rows }),
      log_loss: loss / rows,
      ...(classes.length === 2 && { said: said / rows, observed: observed / rows }),
    };
  });
}

/** As {@link sliceClassifier}, for a regression. */
export function sliceRegression(
  { targets, predictions }: PredictedRows,
  slices: readonly (readonly number[])[],
): RegressionSlice[] {
  return slices.map((places) => {
    let [squares, sum] = [0, 0];
    for (const row of places) {
      const error = predictions[row] - targets[row];
      squares += error * error;
      sum += error;
    }
    return { rows: places.length, rmse: Math.sqrt(squares / places.length), bias: sum / places.length };
  });
}
