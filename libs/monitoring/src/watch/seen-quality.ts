import type { ClassScoreBin, ErrorBin, ScoreTable } from '#bundle';
import { addErrors, estimatedError, isErrorRefuted, liveErrors } from '../quality/errors.js';
import { binOutcomes, calibrationOf, estimatedAccuracy, isRefuted, liveAccuracy } from '../quality/outcomes.js';
import { isAccuracyLow, isErrorHigh, type QualityScale } from '../quality/quality-alarm.js';
import type { ErrorSum, OutcomeCount } from '../store/monitor-store.js';
import type { SeenQuality } from './watch-note.js';
import type { WatchedVersion } from './watched-version.js';

/** The quality of the predictions of a period, by their labels. */
export interface Seen {
  readonly figures: Omit<SeenQuality, 'from' | 'to' | 'isMature'>;
  /** Whether the labels prove that the quality is beyond the bound. */
  readonly isBad: (bound: number, scale: QualityScale, budget?: number) => boolean;
}

/** Expected calibration error: the mean absolute difference of the positive class's share from the table's, over labelled rows. */
function calibrationError(
  { task, classes }: WatchedVersion,
  table: ScoreTable<ClassScoreBin> | undefined,
  outcomes: readonly OutcomeCount[],
): number | null {
  if (task !== 'binary' || !table) return null;
  const live = table.bins.map(() => ({ count: 0, rows: 0 }));
  for (const { bin, rows, label } of outcomes) {
    if (label === null) continue;
    live[bin].rows += rows;
    if (label === String(classes[1])) live[bin].count += rows;
  }
  let [sum, rows] = [0, 0];
  for (const bin of calibrationOf(table, 1, live)) {
    if (!bin) continue;
    sum += bin.rows * Math.abs(bin.observed.value - bin.expected);
    rows += bin.rows;
  }
  return rows === 0 ? null : sum / rows;
}

/** Without a score table, all scores are in one bin. */
export function seenClasses(watched: WatchedVersion, outcomes: readonly OutcomeCount[]): Seen {
  const table = watched.baseline?.scores as ScoreTable<ClassScoreBin> | undefined;
  const bins = binOutcomes(outcomes, table?.bins.length ?? 1);
  const { rows, labels, coverage, weighted } = liveAccuracy(bins);
  const refuted = table !== undefined && isRefuted(table, bins);
  const rowsByBin = bins.map((bin) => bin.rows);
  const correct = bins.reduce((sum, bin) => sum + bin.correct, 0);
  return {
    figures: {
      rows,
      labels,
      coverage,
      metric: 'accuracy',
      value: weighted,
      estimate: refuted || !table ? null : estimatedAccuracy(table, rowsByBin),
      isRefuted: refuted,
      calibrationError: calibrationError(watched, table, outcomes),
    },
    isBad: (floor, scale, budget) => isAccuracyLow(floor, { labels, correct }, scale, budget),
  };
}

export function seenErrors({ baseline }: WatchedVersion, sums: readonly ErrorSum[]): Seen {
  const table = baseline?.scores as ScoreTable<ErrorBin> | undefined;
  const byBin = (table?.bins ?? []).map((_, index) => addErrors(sums.filter(({ bin }) => bin === index)));
  const all = addErrors(sums);
  const refuted = table !== undefined && isErrorRefuted(table, byBin);
  const rowsByBin = byBin.map(({ rows }) => rows);
  return {
    figures: {
      rows: all.rows,
      labels: all.labels,
      coverage: all.rows === 0 ? 0 : all.labels / all.rows,
      metric: 'mae',
      value: liveErrors(all)?.mae ?? null,
      estimate: refuted || !table ? null : estimatedError(table, rowsByBin),
      isRefuted: refuted,
      calibrationError: null,
    },
    isBad: (ceiling, scale, budget) => isErrorHigh(ceiling, all, scale, budget),
  };
}
