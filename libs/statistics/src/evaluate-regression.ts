import { InputError } from '#kit';
import { CONFIDENCE, type Interval, percentileInterval } from './bootstrap/percentile-interval.js';
import { type BootstrapOptions, resampleWeights } from './bootstrap/resamples.js';
import type { Difference } from './compare-paired.js';
import { quantile } from './quantile.js';

/** Rows with a known target, and a regression's predictions of them. */
export interface PredictedRows {
  readonly targets: Float64Array;
  readonly predictions: Float64Array;
}

/** Metrics of the errors (prediction minus target) of a test part; all but `r2` in units of the target. */
export interface RegressionMetrics {
  /** Root mean squared error, which the learners minimise. */
  readonly rmse: number;
  /** Mean absolute error. */
  readonly mae: number;
  /** Explained share of the variance; null where all targets are equal (scikit-learn `r2_score`). */
  readonly r2: number | null;
  /** Mean error: above 0 where predictions are too high. */
  readonly bias: number;
}

/** Rows with adjacent predictions: a tenth of all, unless predictions tie. */
export interface PredictionGroup {
  readonly rows: number;
  readonly prediction: number;
  /** The mean target: for a calibrated model about the mean prediction. */
  readonly target: number;
  /** Root mean squared error. */
  readonly rmse: number;
}

/** The evaluation of a regression on held-out rows: plain data, as stored in evaluation.json. */
export interface RegressionEvaluation {
  readonly rows: number;
  readonly metrics: RegressionMetrics;
  readonly bootstrap: { readonly seed: number; readonly resamples: number; readonly confidence: number };
  readonly intervals: Record<keyof RegressionMetrics, Interval | null>;
  /** Quantiles of the absolute error. */
  readonly error_quantiles: readonly { readonly share: number; readonly error: number }[];
  /** Histogram of the errors; the outermost hundredth on either side counts in the outermost bins. */
  readonly residuals: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  /** By ascending prediction. */
  readonly calibration: readonly PredictionGroup[];
  /** One sentence for each number that could mislead. */
  readonly notes: readonly string[];
}

/** A candidate and the champion on the same rows; lower is better, except for `r2`. */
export interface RegressionComparison {
  readonly rows: number;
  /** The mean squared error, which the learners minimise. */
  readonly squared_error: Difference;
  readonly rmse: Difference;
  readonly mae: Difference;
}

const SHARES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const GROUPS = 10;
const RESIDUAL_BINS = 40;
const METRICS = ['rmse', 'mae', 'r2', 'bias'] as const satisfies (keyof RegressionMetrics)[];

/** @throws InputError naming the first wrong row */
function check({ targets, predictions }: PredictedRows): void {
  if (targets.length === 0) throw new InputError('There is no row to evaluate on: the test part is empty.');
  if (predictions.length !== targets.length) {
    throw new InputError(`${targets.length} rows need as many predictions, not ${predictions.length}.`);
  }
  for (const [name, values] of Object.entries({ target: targets, prediction: predictions })) {
    const row = values.findIndex((value) => !Number.isFinite(value));
    if (row >= 0) throw new InputError(`Row ${row} has the ${name} ${values[row]}; it must be a finite number.`);
  }
}

/** @param weights how often each row counts */
function measure({ targets, predictions }: PredictedRows, weights: ArrayLike<number>): RegressionMetrics {
  // Relative to one target: with large numbers, their squares would swamp a small variance.
  const origin = targets[0];
  let [rows, squares, sizes, sum, targetSum, targetSquares] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < targets.length; row++) {
    const weight = weights[row];
    const error = predictions[row] - targets[row];
    const distance = targets[row] - origin;
    rows += weight;
    squares += weight * error * error;
    sizes += weight * Math.abs(error);
    sum += weight * error;
    targetSum += weight * distance;
    targetSquares += weight * distance * distance;
  }
  const variation = targetSquares - (targetSum * targetSum) / rows;
  return {
    rmse: Math.sqrt(squares / rows),
    mae: sizes / rows,
    r2: variation > 0 ? 1 - squares / variation : null,
    bias: sum / rows,
  };
}

function errorsOf({
  targets,
  predictions,
}: PredictedRows): Pick<RegressionEvaluation, 'error_quantiles' | 'residuals'> {
  const errors = predictions.map((prediction, row) => prediction - targets[row]).sort();
  const [low, high] = [quantile(errors, SHARES[0]), quantile(errors, SHARES[SHARES.length - 1])];
  // Divides first, because the difference of two huge errors may overflow. If all errors are equal, bins have width 1.
  const width = high / RESIDUAL_BINS - low / RESIDUAL_BINS || 1;
  const counts = new Array<number>(RESIDUAL_BINS).fill(0);
  for (const error of errors) {
    const inside = Math.min(Math.max(error, low), high);
    counts[Math.min(RESIDUAL_BINS - 1, Math.floor((inside - low) / width))]++;
  }
  return {
    error_quantiles: SHARES.map((share) => ({ share, error: quantile(errors, share) })),
    residuals: { edges: Array.from({ length: RESIDUAL_BINS + 1 }, (_, i) => low + i * width), counts },
  };
}

function calibrationOf({ targets, predictions }: PredictedRows): PredictionGroup[] {
  const order = Array.from(predictions.keys()).sort((a, b) => predictions[a] - predictions[b] || a - b);
  const groups: PredictionGroup[] = [];
  for (let start = 0, group = 1; start < order.length; group++) {
    let end = Math.max(start + 1, Math.round((group * order.length) / GROUPS));
    while (end < order.length && predictions[order[end]] === predictions[order[end - 1]]) end++;
    const own = order.slice(start, end);
    const mean = (values: Float64Array): number => own.reduce((sum, row) => sum + values[row], 0) / own.length;
    const squares = own.reduce((sum, row) => sum + (predictions[row] - targets[row]) ** 2, 0);
    const rmse = Math.sqrt(squares / own.length);
    groups.push({ rows: own.length, prediction: mean(predictions), target: mean(targets), rmse });
    start = end;
  }
  return groups;
}

/**
 * Evaluates a regression by the targets and predictions of a test part, with bootstrap intervals of the metrics. The
 * same rows and seed give the same numbers.
 *
 * @throws InputError when there is no row, or shapes or numbers are wrong
 */
export function evaluateRegression(sample: PredictedRows & BootstrapOptions): RegressionEvaluation {
  check(sample);
  const { targets, seed, resamples } = sample;
  const metrics = measure(sample, new Uint8Array(targets.length).fill(1));
  const resampled = Array.from(resampleWeights(targets.length, sample), (weights) => measure(sample, weights));
  const intervals = METRICS.map((name) => [name, percentileInterval(resampled.map((one) => one[name]))]);
  return {
    rows: targets.length,
    metrics,
    bootstrap: { seed, resamples, confidence: CONFIDENCE },
    intervals: Object.fromEntries(intervals) as RegressionEvaluation['intervals'],
    ...errorsOf(sample),
    calibration: calibrationOf(sample),
    notes: metrics.r2 === null ? [`All ${targets.length} targets are ${targets[0]}: R2 is not defined.`] : [],
  };
}

/**
 * Differences between two regressions with paired bootstrap intervals, as `comparePaired` for classifiers.
 *
 * @throws InputError when there is no row, or shapes or numbers are wrong
 */
export function compareRegressions(
  sample: BootstrapOptions & {
    readonly targets: Float64Array;
    readonly candidate: Float64Array;
    readonly champion: Float64Array;
  },
): RegressionComparison {
  const { targets } = sample;
  const sides = [sample.candidate, sample.champion].map((predictions) => ({ targets, predictions }));
  sides.forEach(check);
  const scores = (weights: ArrayLike<number>): [Scores, Scores] => [
    scoresOf(measure(sides[0], weights)),
    scoresOf(measure(sides[1], weights)),
  ];
  const [candidate, champion] = scores(new Uint8Array(targets.length).fill(1));
  const resampled = Array.from(resampleWeights(targets.length, sample), scores);
  const differenceIn = (metric: keyof Scores): Difference => {
    const difference = candidate[metric] - champion[metric];
    const interval = percentileInterval(resampled.map(([one, other]) => one[metric] - other[metric]));
    return {
      candidate: candidate[metric],
      champion: champion[metric],
      difference,
      ...(interval ?? { low: difference, high: difference }),
    };
  };
  return {
    rows: targets.length,
    squared_error: differenceIn('squared_error'),
    rmse: differenceIn('rmse'),
    mae: differenceIn('mae'),
  };
}

type Scores = Record<'squared_error' | 'rmse' | 'mae', number>;

const scoresOf = ({ rmse, mae }: RegressionMetrics): Scores => ({ squared_error: rmse * rmse, rmse, mae });
