import type { ClassScoreBin, ErrorBin, ScoreTable } from '#bundle';
import { addErrors, estimatedError, isErrorRefuted, liveErrors } from '../quality/errors.js';
import {
  binOutcomes,
  type Estimate,
  estimatedAccuracy,
  isMature,
  isRefuted,
  type LiveAccuracy,
  type LiveMetric,
} from '../quality/outcomes.js';
import type { ErrorSum, OutcomeCount } from '../store/monitor-store.js';
import type { WatchedVersion } from '../watch/watched-version.js';

/** Further metrics of a regression. */
export interface OtherMetric extends Estimate {
  readonly metric: 'rmse' | 'bias';
  readonly registered: number | null;
}

/** The quality of the predictions of a window, by their labels. */
export interface QualityReport {
  readonly metric: LiveMetric;
  readonly value: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** The value on the test part when the version was registered. */
  readonly registered: number | null;
  readonly labels: number;
  /** Share of rows with a label, 0 to 1. */
  readonly coverage: number;
  /** Whether most of the expected labels have arrived. */
  readonly mature: boolean;
  /** Of a regression; empty for classes. */
  readonly others: readonly OtherMetric[];
}

/** An estimate of the quality without labels, and its assumption. */
export interface EstimateReport extends Estimate {
  readonly metric: LiveMetric;
  readonly assumes: string;
}

const ASSUMES: Readonly<Record<LiveMetric, string>> = {
  accuracy: 'a score means what it meant on the rows that the version was tested on',
  mae: 'errors are as large as they were for such predictions on the rows that the version was tested on',
};

/** @param live of the window's predictions @param usual see {@link isMature} */
export function classQuality(
  live: LiveAccuracy,
  registered: number | null,
  usual: number | null,
): QualityReport | null {
  const { weighted, labels, coverage } = live;
  if (weighted === null) return null;
  const mature = isMature(coverage, usual);
  return { metric: 'accuracy', ...weighted, registered, labels, coverage, mature, others: [] };
}

/** The errors of the labelled rows; null with fewer than two. @param watched the version's registered errors */
export function errorQuality(
  sums: readonly ErrorSum[],
  { mae: registered = null, rmse = null }: Pick<WatchedVersion, 'mae' | 'rmse'>,
  usual: number | null,
): QualityReport | null {
  const all = addErrors(sums);
  const live = liveErrors(all);
  if (live === null) return null;
  const coverage = all.labels / all.rows;
  return {
    metric: 'mae',
    ...live.mae,
    registered,
    labels: all.labels,
    coverage,
    mature: isMature(coverage, usual),
    others: [
      { metric: 'rmse', ...live.rmse, registered: rmse },
      { metric: 'bias', ...live.bias, registered: null },
    ],
  };
}

const isOfClasses = (table: ScoreTable): table is ScoreTable<ClassScoreBin> =>
  table.bins.every((bin) => 'correct' in bin);

/** Predictions of a period, in the form of their task. */
export type Labelled = { readonly classes: readonly OutcomeCount[] } | { readonly errors: readonly ErrorSum[] };

/** Whether labels contradict the table. */
export function refutes(table: ScoreTable, labelled: Labelled): boolean {
  const { length } = table.bins;
  if ('classes' in labelled)
    return isRefuted(table as ScoreTable<ClassScoreBin>, binOutcomes(labelled.classes, length));
  const byBin = table.bins.map((_, index) =>
    addErrors(labelled.errors.filter(({ bin }) => Math.min(bin, length - 1) === index)),
  );
  return isErrorRefuted(table as ScoreTable<ErrorBin>, byBin);
}

/**
 * Estimates the quality of rows from their scores alone; null where that is impossible, or labels have refuted the table.
 *
 * @param table of the version's baseline
 * @param rows of the window, by score bin
 * @param labelled predictions that may refute the table
 */
export function estimateQuality(
  table: ScoreTable | undefined,
  rows: readonly number[],
  labelled: Labelled,
): EstimateReport | null {
  if (!table || refutes(table, labelled)) return null;
  if (!isOfClasses(table)) {
    const estimate = estimatedError(table as ScoreTable<ErrorBin>, rows);
    return estimate && { metric: 'mae', ...estimate, assumes: ASSUMES.mae };
  }
  const estimate = estimatedAccuracy(table, rows);
  return estimate && { metric: 'accuracy', ...estimate, assumes: ASSUMES.accuracy };
}
