import { equalFrequencyBins, frequenciesOfSorted } from '#statistics';
import { MAX_BINS } from './cells.js';

/** A share of fewer rows is too uncertain. */
const LEAST_ROWS = 20;

/** The outcome of the rows whose score is in a bin; lists are by class, in the manifest's order. */
export interface ClassScoreBin {
  readonly rows: number;
  readonly correct: number;
  /** Rows whose true class is this one. */
  readonly truth: readonly number[];
  /** Rows whose predicted class is this one. */
  readonly predicted: readonly number[];
  /** Rows whose true and predicted class are both this one. */
  readonly hits: readonly number[];
}

/** Sums of the errors (prediction minus truth) of the rows whose prediction is in a bin. */
export interface ErrorBin {
  readonly rows: number;
  readonly error: number;
  readonly absolute_error: number;
  readonly squared_error: number;
}

/**
 * Held-out performance by score: bins (uppers[i - 1], uppers[i]] of the score, rounded to float32. The score is the
 * probability of the second of two classes, of more classes that of the predicted one, in a regression the prediction.
 */
export interface ScoreTable<Bin = ClassScoreBin | ErrorBin> {
  readonly minimum: number;
  readonly uppers: readonly number[];
  readonly bins: readonly Bin[];
}

function binned<Bin>(scores: ArrayLike<number>, describe: (rows: readonly number[]) => Bin): ScoreTable<Bin> {
  const rounded = Float64Array.from(scores, Math.fround);
  const most = Math.max(1, Math.min(MAX_BINS, Math.floor(rounded.length / LEAST_ROWS)));
  const { minimum, uppers } = equalFrequencyBins(frequenciesOfSorted(rounded.slice().sort()), most);
  const rows = uppers.map((): number[] => []);
  rounded.forEach((score, row) => rows[uppers.findIndex((upper) => score <= upper)].push(row));
  return { minimum, uppers, bins: rows.map(describe) };
}

export interface ScoredClasses {
  readonly scores: ArrayLike<number>;
  /** Indices of classes, in the manifest's order. */
  readonly predicted: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/** @param rows at least one, all held out from training */
export function classScoreTable({ scores, predicted, labels, classes }: ScoredClasses): ScoreTable<ClassScoreBin> {
  return binned(scores, (rows) => {
    const [truth, said, hits] = Array.from({ length: 3 }, () => new Array<number>(classes).fill(0));
    for (const row of rows) {
      truth[labels[row]]++;
      said[predicted[row]]++;
      if (labels[row] === predicted[row]) hits[labels[row]]++;
    }
    const correct = hits.reduce((sum, count) => sum + count, 0);
    return { rows: rows.length, correct, truth, predicted: said, hits };
  });
}

/** @param predicted at least one, of rows held out from training */
export function errorTable(predicted: ArrayLike<number>, truth: ArrayLike<number>): ScoreTable<ErrorBin> {
  return binned(predicted, (rows) => {
    const errors = rows.map((row) => predicted[row] - truth[row]);
    const sum = (of: (error: number) => number): number => errors.reduce((all, error) => all + of(error), 0);
    return {
      rows: rows.length,
      error: sum((error) => error),
      absolute_error: sum(Math.abs),
      squared_error: sum((error) => error * error),
    };
  });
}
