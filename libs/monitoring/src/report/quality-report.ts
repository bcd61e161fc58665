import type { ClassScoreBin, ErrorBin, ScoreTable } from '#bundle';
import {
  type BinOutcome,
  type Estimate,
  estimatedAccuracy,
  isMature,
  isRefuted,
  type LiveAccuracy,
} from '../quality/outcomes.js';
import type { ErrorSum, OutcomeCount } from '../store/monitor-store.js';

/** The metric that live predictions are told by: of classes the accuracy, of numbers the mean absolute error. */
export type LiveMetric = 'accuracy' | 'mae';

/** What labels say of the predictions of a window. */
export interface QualityReport {
  readonly metric: LiveMetric;
  readonly value: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** On the test part, as the version was registered. */
  readonly registered: number | null;
  readonly labels: number;
  /** Labels of rows, 0 to 1. */
  readonly coverage: number;
  /** Whether it has most of the labels that such predictions get. */
  readonly mature: boolean;
}

/** What scores say without labels, and what that takes for granted. */
export interface EstimateReport extends Estimate {
  readonly metric: LiveMetric;
  readonly assumes: string;
}

const ASSUMES: Readonly<Record<LiveMetric, string>> = {
  accuracy: 'a score means what it meant on the rows that the version was tested on',
  mae: 'errors are as large as they were for such predictions on the rows that the version was tested on',
};

/** Normal 97.5 % quantile. */
const Z = 1.959963984540054;

/** Rows and labels of a day of predictions. */
interface Covered {
  readonly rows: number;
  readonly labels: number;
}

/** The coverage that earlier days have; without such a day it may become complete. */
export function usualCoverage(earlier: readonly Covered[]): number {
  const shares = earlier
    .filter(({ rows, labels }) => rows > 0 && labels > 0)
    .map(({ rows, labels }) => labels / rows)
    .sort((a, b) => a - b);
  return shares.length === 0 ? 1 : shares[Math.floor((shares.length - 1) / 2)];
}

/** Gathers counts by the bin of their score. @param bins of the score table; one where there is none */
export function binOutcomes(counts: readonly OutcomeCount[], bins: number): BinOutcome[] {
  const gathered = Array.from({ length: Math.max(1, bins) }, () => ({ rows: 0, labels: 0, correct: 0 }));
  for (const { bin, rows, prediction, label } of counts) {
    const own = gathered[Math.min(bin, gathered.length - 1)];
    own.rows += rows;
    if (label === null) continue;
    own.labels += rows;
    if (label === prediction) own.correct += rows;
  }
  return gathered;
}

/** @param live of the window's predictions @param usual of {@link usualCoverage} */
export function classQuality(live: LiveAccuracy, registered: number | null, usual: number): QualityReport | null {
  const { weighted, labels, coverage } = live;
  if (weighted === null) return null;
  return { metric: 'accuracy', ...weighted, registered, labels, coverage, mature: isMature(coverage, usual) };
}

/** The mean absolute error of the labelled rows, with the interval of a mean. */
export function errorQuality(
  sums: readonly ErrorSum[],
  registered: number | null,
  usual: number,
): QualityReport | null {
  let [rows, labels, absolute, squares] = [0, 0, 0, 0];
  for (const sum of sums) {
    rows += sum.rows;
    labels += sum.labels;
    absolute += sum.absolute;
    squares += sum.squares;
  }
  if (labels === 0) return null;
  const value = absolute / labels;
  const half = Z * Math.sqrt(Math.max(0, squares / labels - value * value) / labels);
  const coverage = labels / rows;
  return {
    metric: 'mae',
    value,
    low: Math.max(0, value - half),
    high: value + half,
    registered,
    labels,
    coverage,
    mature: isMature(coverage, usual),
  };
}

const isOfClasses = (table: ScoreTable): table is ScoreTable<ClassScoreBin> =>
  table.bins.every((bin) => 'correct' in bin);

/** As {@link estimatedAccuracy}, of a regression: each bin's mean absolute error, weighted by where live predictions lie. */
function estimatedError({ bins }: ScoreTable<ErrorBin>, rows: readonly number[]): Estimate | null {
  const all = rows.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let [value, variance] = [0, 0];
  bins.forEach(({ rows: known, absolute_error, squared_error }, bin) => {
    const weight = rows[bin] / all;
    if (known === 0 || weight === 0) return;
    const mean = absolute_error / known;
    const spread = Math.max(0, squared_error / known - mean * mean);
    value += weight * mean;
    variance += (weight ** 2 * spread) / known + (weight * spread) / all;
  });
  const half = Z * Math.sqrt(variance);
  return { value, low: Math.max(0, value - half), high: value + half };
}

/**
 * What scores alone say of the quality of rows; null where that cannot be said, or labels have refuted it.
 *
 * @param table of the version's baseline
 * @param rows of the window, by score bin
 * @param labelled outcomes of all days that are known, by score bin; of classes only
 */
export function estimateQuality(
  table: ScoreTable | undefined,
  rows: readonly number[],
  labelled: readonly BinOutcome[],
): EstimateReport | null {
  if (!table) return null;
  if (!isOfClasses(table)) {
    const estimate = estimatedError(table as ScoreTable<ErrorBin>, rows);
    return estimate && { metric: 'mae', ...estimate, assumes: ASSUMES.mae };
  }
  const estimate = isRefuted(table, labelled) ? null : estimatedAccuracy(table, rows);
  return estimate && { metric: 'accuracy', ...estimate, assumes: ASSUMES.accuracy };
}
