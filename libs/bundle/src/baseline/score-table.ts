import { equalFrequencyBins, frequenciesOfSorted } from '#statistics';
import { MAX_BINS } from './cells.js';

/** A share of fewer rows says little. */
const LEAST_ROWS = 20;

/** What became of the rows whose score is in a bin; lists are by class, in the order of the manifest's. */
export interface ClassScoreBin {
  readonly rows: number;
  readonly correct: number;
  /** Rows whose true class it is. */
  readonly truth: readonly number[];
  /** Rows whose predicted class it is. */
  readonly predicted: readonly number[];
  /** Rows of both. */
  readonly hits: readonly number[];
}

/** Errors of the rows whose prediction is in a bin, prediction less truth: sums. */
export interface ErrorBin {
  readonly rows: number;
  readonly error: number;
  readonly absolute_error: number;
  readonly squared_error: number;
}

/**
 * What a score was worth on rows that the model was not trained on: bins (uppers[i - 1], uppers[i]] of the score, a float32. The score
 * is the probability of the second of two classes, of more classes that of the predicted one, in a regression the prediction.
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
  /** Places of classes in the manifest's order. */
  readonly predicted: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/** @param rows at least one, none of which the model was trained on */
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

/** @param predicted at least one, of rows that the model was not trained on */
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
