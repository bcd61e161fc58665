import type { ClassScoreBin, ScoreTable } from '#bundle';
import { newcombe, type Proportion, wilson, Z95 } from '#statistics';

/** Predictions of one score bin: how many there were, how many have a label by now, how many of these were right. */
export interface BinOutcome {
  readonly rows: number;
  readonly labels: number;
  readonly correct: number;
}

/** The metric that live predictions are told by: of classes the accuracy, of numbers the mean absolute error. */
export type LiveMetric = 'accuracy' | 'mae';

/** A share, or an error in the unit of the target, with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The accuracy of the predictions of some time, by when they were made; null where nothing is known of it. */
export interface LiveAccuracy {
  readonly rows: number;
  readonly labels: number;
  /** Labels of rows, 0 to 1. */
  readonly coverage: number;
  /** Of the labelled rows, with Wilson's interval. */
  readonly raw: Estimate | null;
  /** Weighted by the shares of all predictions in the score bins: right also where some scores are labelled more often. */
  readonly weighted: Estimate | null;
  /** Share of rows in bins without a label: what nothing is known of. */
  readonly unknown: number;
  /** What accuracy is whatever the labels are that are not there (C. F. Manski, 1989). */
  readonly bounds: { readonly low: number; readonly high: number };
}

const sumOf = (bins: readonly BinOutcome[], field: keyof BinOutcome): number =>
  bins.reduce((sum, bin) => sum + bin[field], 0);

const withInterval = (proportion: Proportion): Estimate => ({
  value: proportion.count / proportion.rows,
  ...wilson(proportion),
});

/** The share of a bin by Agresti and Coull, so that a bin of three right ones is not certain. */
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
    // Labels of all rows leave nothing to guess of these rows, but of the next ones.
    variance += weight ** 2 * smoothedVariance(correct, labels);
  }
  const half = Z95 * Math.sqrt(variance);
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
}

/** @param bins by score, of the predictions of a day or several */
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

/** Labels of a day that its age makes expect, of those that will come. */
const MATURE = 0.8;

/**
 * Whether a day has its labels: most of its rows have one, so that those which are missing are too few to wait for, or it has most of
 * those that earlier days had.
 *
 * @param usual coverage of earlier days when all their labels had come
 */
export const isMature = (coverage: number, usual: number | null): boolean =>
  coverage >= MATURE || (usual !== null && usual > 0 && coverage >= MATURE * usual);

/** A bin of the table of fewer rows tells little of its share. */
const LEAST_BIN_ROWS = 20;
/** With more rows in bins of which little is known there is no estimate. */
const MOST_UNSUPPORTED = 0.1;

/**
 * The accuracy without labels, from the scores alone: each bin's share of right answers on rows that were not trained on, weighted
 * by the live rows' bins (confidence-based performance estimation, as NannyML's CBPE, calibrated by histogram). It assumes that a score
 * means what it meant: where the world itself has changed, it cannot see it.
 *
 * @param rows live rows by score bin of the table, in its order; those beyond its ends belong to its first and last
 * @returns null where too many rows are in bins of which little is known, or there are none
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
    // How well the table knows the bin, and how its rows fall out this time.
    variance += weight ** 2 * smoothedVariance(correct, known) + (weight * share * (1 - share)) / all;
  });
  if (unsupported > MOST_UNSUPPORTED) return null;
  const half = Z95 * Math.sqrt(variance);
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
}

/** Fewer labels prove nothing against an estimate. */
const LEAST_LABELS = 100;
/** 99.9 % quantile of chi-square of one degree of freedom. */
const REFUTED = 10.827566170662733;

/** How far the labelled rows of a bin are from what its table says. */
export interface Deviation {
  readonly labels: number;
  readonly difference: number;
  /** Of the difference: of the labelled rows and of the table's. */
  readonly variance: number;
}

/** Whether labels speak against a table, p below 0.001: bins count by their labels, so that selective labels are no reason. */
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

/** Whether labels speak against the estimate for the same rows: then it is no longer shown. */
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

/** What was said and what came true in a score bin. */
export interface LiveCalibrationBin {
  readonly rows: number;
  /** The share of the class in the bundle's table. */
  readonly expected: number;
  readonly observed: Estimate;
  /** Newcombe's interval of observed less expected. */
  readonly difference: { readonly low: number; readonly high: number };
}

/** @param live labelled rows of the class, and all labelled rows, by score bin */
export function calibrationOf(
  table: ScoreTable<ClassScoreBin>,
  place: number,
  live: readonly Proportion[],
): (LiveCalibrationBin | null)[] {
  return table.bins.map(({ rows, truth }, bin) => {
    const labelled = live[bin];
    if (rows === 0 || labelled.rows === 0) return null;
    return {
      rows: labelled.rows,
      expected: truth[place] / rows,
      observed: withInterval(labelled),
      difference: newcombe(labelled, { count: truth[place], rows }),
    };
  });
}
