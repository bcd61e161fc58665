import { type BootstrapOptions, type Interval, rowLosses, type ScoredRows } from '#statistics';
import { meanWithInterval } from './mean-difference.js';

/** A candidate compared with a trivial model, which predicts the class shares for every row. */
export interface TrivialComparison extends Interval {
  /** Of the trivial model. */
  readonly log_loss: number;
  /** The candidate's log loss minus the trivial model's: negative where the candidate is better, as are the bounds. */
  readonly difference: number;
}

/** @param counts of the classes in the training part */
export function compareTrivial(
  { labels, probabilities, classes, ...options }: ScoredRows & BootstrapOptions,
  counts: readonly number[],
): TrivialComparison {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = counts.map((count) => count / total);
  const always = Float64Array.from({ length: labels.length * classes.length }, (_, i) => shares[i % classes.length]);
  const [own, trivial] = [probabilities, always].map((one) => rowLosses({ labels, probabilities: one, classes }));
  return {
    log_loss: trivial.reduce((sum, loss) => sum + loss, 0) / trivial.length,
    ...meanWithInterval(
      own.map((loss, row) => loss - trivial[row]),
      options,
    ),
  };
}
