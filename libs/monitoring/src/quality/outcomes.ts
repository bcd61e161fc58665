import type { ClassScoreBin, ScoreTable } from '#bundle';
import { DAY } from '#kit';
import { newcombe, type Proportion, wilson, Z95 } from '#statistics';
import type { OutcomeCount } from '../store/monitor-store.js';

/** Numbers of one score bin: predictions, those with a label, and those with a correct prediction. */
export interface BinOutcome {
  readonly rows: number;
  readonly labels: number;
  readonly correct: number;
}

/** The main metric of live predictions: accuracy for classes, mean absolute error for numbers. */
export type LiveMetric = 'accuracy' | 'mae';

/** A share, or an error in the unit of the target, with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The accuracy of the predictions of a period; null where nothing is known of it. */
export interface LiveAccuracy {
  readonly rows: number;
  readonly labels: number;
  /** Share of rows with a label, 0 to 1. */
  readonly coverage: number;
  /** Of the labelled rows, with Wilson's interval. */
  readonly raw: Estimate | null;
  /** Weighted by the score bins' shares of all predictions: unbiased also where some scores are labelled more often. */
  readonly weighted: Estimate | null;
  /** Share of rows in bins without any label. */
  readonly unknown: number;
  /** The range of the accuracy over all possible values of the missing labels (C. F. Manski, 1989). */
  readonly bounds: { readonly low: number; readonly high: number };
}

/** Sums counts by score bin. @param bins number of bins of the score table; 0 without a table gives one bin */
export function binOutcomes(counts: readonly OutcomeCount[], bins: number): BinOutcome[] {
  const outcomes = Array.from({ length: Math.max(1, bins) }, () => ({ rows: 0, labels: 0, correct: 0 }));
  for (const { bin, rows, prediction, label } of counts) {
    const own = outcomes[Math.min(bin, outcomes.length - 1)];
    own.rows += rows;
    if (label === null) continue;
    own.labels += rows;
    if (label === prediction) own.correct += rows;
  }
  return outcomes;
}

const sumOf = (bins: readonly BinOutcome[], field: keyof BinOutcome): number =>
  bins.reduce((sum, bin) => sum + bin[field], 0);

const withInterval = (proportion: Proportion): Estimate => ({
  value: proportion.count / proportion.rows,
  ...wilson(proportion),
});

/** Variance of a bin's share by Agresti and Coull, so that three correct predictions out of three are not certain. */
const smoothedVariance = (count: number, rows: number): number => {
  const share = (count + 2) / (rows + 4);
  return (share * (1 - share)) / (rows + 4);
};

function weightedAccuracy(bins: readonly BinOutcome[]): Estimate | null {
  const known = bins.filter(({ labels }) => labels > 0);
  const rows = sumOf(known, 'rows');
  if (rows === 0) return null;
  let [value, variance] = [0, 0];
  for (const { rows: all, labels, correct } of known) {
    const weight = all / rows;
    value += weight * (correct / labels);
    // Fully labelled rows still have a variance: the estimate is also about future rows.
    variance += weight ** 2 * smoothedVariance(correct, labels);
  }
  const half = Z95 * Math.sqrt(variance);
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
}

/** @param bins by score, of the predictions of one or more days */
export function liveAccuracy(bins: readonly BinOutcome[]): LiveAccuracy {
  const [rows, labels, correct] = [sumOf(bins, 'rows'), sumOf(bins, 'labels'), sumOf(bins, 'correct')];
  const coverage = rows === 0 ? 0 : labels / rows;
  const right = rows === 0 ? 0 : correct / rows;
  const unlabelled = bins.filter((bin) => bin.labels === 0);
  return {
    rows,
    labels,
    coverage,
    raw: labels === 0 ? null : withInterval({ count: correct, rows: labels }),
    weighted: weightedAccuracy(bins),
    unknown: rows === 0 ? 0 : sumOf(unlabelled, 'rows') / rows,
    bounds: { low: right, high: right + 1 - coverage },
  };
}

/** Share of the rows, or of the usual labels, that makes a day mature. */
const MATURE = 0.8;

/** Older days are assumed to have all labels that they will ever get. */
const SETTLED_DAYS = 14;
/** Earlier days say little about how labels arrive now. */
const RECENT_DAYS = 30;

/**
 * The median coverage of the settled days among recent ones; null where there is none.
 *
 * @param days starts of days, with the share of their rows that have a label
 */
export function usualCoverage(
  days: readonly { readonly day: number; readonly coverage: number }[],
  now: number,
): number | null {
  const today = now - (now % DAY);
  const settled = days
    .filter(({ day }) => day > today - RECENT_DAYS * DAY && day + SETTLED_DAYS * DAY <= now)
    .map(({ coverage }) => coverage)
    .sort((a, b) => a - b);
  return settled.length === 0 ? null : settled[settled.length >> 1];
}

/**
 * Whether the labels of a day have arrived: most of its rows have one, or most of the share that earlier days reached.
 *
 * @param usual see {@link usualCoverage}
 */
export const isMature = (coverage: number, usual: number | null): boolean =>
  coverage >= MATURE || (usual !== null && usual > 0 && coverage >= MATURE * usual);

/** Bins of the table with fewer rows are too uncertain. */
const LEAST_BIN_ROWS = 20;
/** Largest share of rows in uncertain bins at which there is an estimate. */
const MOST_UNSUPPORTED = 0.1;

/**
 * Estimates the accuracy without labels: each score bin's accuracy on rows that were not trained on, weighted by the bin's share of live
 * rows (confidence-based performance estimation, as NannyML's CBPE, calibrated by histogram). It assumes that scores are still calibrated,
 * so it cannot detect concept drift.
 *
 * @param rows number of live rows in each bin of the table; rows beyond its ends belong to its first and last bin
 * @returns null where too many rows are in uncertain bins, or there are no rows
 */
export function estimatedAccuracy(table: ScoreTable<ClassScoreBin>, rows: readonly number[]): Estimate | null {
  const all = rows.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let [value, variance, unsupported] = [0, 0, 0];
  table.bins.forEach(({ rows: known, correct }, bin) => {
    const weight = rows[bin] / all;
    if (known < LEAST_BIN_ROWS) unsupported += weight;
    const share = correct / Math.max(1, known);
    value += weight * share;
    // The uncertainty of the table's share, and the sampling error of the live rows.
    variance += weight ** 2 * smoothedVariance(correct, known) + (weight * share * (1 - share)) / all;
  });
  if (unsupported > MOST_UNSUPPORTED) return null;
  const half = Z95 * Math.sqrt(variance);
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
}

/** Fewer labels cannot refute an estimate. */
const LEAST_LABELS = 100;
/** 99.9 % quantile of chi-square of one degree of freedom. */
const REFUTED = 10.827566170662733;

/** The difference between a bin's labelled rows and its table. */
export interface Deviation {
  readonly labels: number;
  readonly difference: number;
  /** Variance of the difference: that of the labelled rows plus that of the table. */
  readonly variance: number;
}

/** Whether labels refute a table, at p < 0.001. Bins are weighted by their labels, so selective labelling alone does not refute it. */
export function isDisproved(deviations: readonly Deviation[]): boolean {
  const all = deviations.reduce((sum, { labels }) => sum + labels, 0);
  if (all < LEAST_LABELS) return false;
  let [total, spread] = [0, 0];
  for (const { labels, difference, variance } of deviations) {
    const weight = labels / all;
    total += weight * difference;
    spread += weight ** 2 * variance;
  }
  return total * total > spread * REFUTED;
}

/** Whether labels contradict the estimate for the same rows; if so, it is no longer shown. */
export function isRefuted(table: ScoreTable<ClassScoreBin>, bins: readonly BinOutcome[]): boolean {
  return isDisproved(
    bins.flatMap(({ labels, correct }, bin): Deviation[] => {
      const known = table.bins[bin];
      if (labels === 0 || known.rows === 0) return [];
      const difference = correct / labels - known.correct / known.rows;
      const variance = smoothedVariance(correct, labels) + smoothedVariance(known.correct, known.rows);
      return [{ labels, difference, variance }];
    }),
  );
}

/** The expected and the observed share of a class in a score bin. */
export interface LiveCalibrationBin {
  readonly rows: number;
  /** The share of the class in the bundle's table. */
  readonly expected: number;
  readonly observed: Estimate;
  /** Newcombe's interval of observed minus expected. */
  readonly difference: { readonly low: number; readonly high: number };
}

/**
 * @param index of the class
 * @param live labelled rows of the class, and all labelled rows, by score bin
 */
export function calibrationOf(
  table: ScoreTable<ClassScoreBin>,
  index: number,
  live: readonly Proportion[],
): (LiveCalibrationBin | null)[] {
  return table.bins.map(({ rows, truth }, bin) => {
    const labelled = live[bin];
    if (rows === 0 || labelled.rows === 0) return null;
    return {
      rows: labelled.rows,
      expected: truth[index] / rows,
      observed: withInterval(labelled),
      difference: newcombe(labelled, { count: truth[index], rows }),
    };
  });
}
