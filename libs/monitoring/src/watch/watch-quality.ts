import type { ClassScoreBin, ScoreTable } from '#bundle';
import { DAY } from '#kit';
import { isAccuracyLow } from '../quality/accuracy-alarm.js';
import {
  type BinOutcome,
  calibrationOf,
  estimatedAccuracy,
  isMature,
  isRefuted,
  liveAccuracy,
  MATURE,
} from '../quality/outcomes.js';
import type { MonitorStore, OutcomeCount } from '../store/monitor-store.js';
import { type Scale, SCALES } from '../time/scales.js';
import type { AccuracyAlarm, AccuracyEpisode } from './events.js';
import type { SeenQuality, VersionWatch } from './watch-note.js';
import type { WatchedVersion } from './watched-version.js';

export type QualityScale = Exclude<Scale, '1h'>;
const QUALITY_SCALES: readonly QualityScale[] = ['1d', '7d', '28d'];
/** Labels of older days have come, as far as they will. */
const SETTLED_DAYS = 14;

export interface QualityOptions {
  readonly budget?: number;
  /** How much less than the registered accuracy is no reason to worry. */
  readonly margin?: number;
}

export const DEFAULT_MARGIN = 0.05;

/** Score bins of the table for the store's question: the first and the last take what lies beyond. */
const edgesOf = (table: ScoreTable | undefined): readonly number[] => table?.uppers.slice(0, -1) ?? [];

/** Without it all scores are in one bin, of which nothing is known. */
const tableOf = ({ baseline }: WatchedVersion): ScoreTable<ClassScoreBin> | undefined =>
  baseline?.scores as ScoreTable<ClassScoreBin> | undefined;

function binsOf(table: ScoreTable | undefined, outcomes: readonly OutcomeCount[]): BinOutcome[] {
  const bins = Array.from({ length: table?.bins.length ?? 1 }, () => ({ rows: 0, labels: 0, correct: 0 }));
  for (const { bin, rows, prediction, label } of outcomes) {
    bins[bin].rows += rows;
    if (label === null) continue;
    bins[bin].labels += rows;
    if (label === prediction) bins[bin].correct += rows;
  }
  return bins;
}

/** Over labelled rows: how far the share of the positive class lies from the table's, whatever the direction. */
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

/** The quality of predictions of classes by their days, asked of the store once. */
export class DailyQuality {
  private readonly table: ScoreTable<ClassScoreBin> | undefined;
  private readonly byDay = new Map<number, OutcomeCount[]>();
  private readonly usual: number | null;

  private constructor(
    private readonly watched: WatchedVersion,
    outcomes: readonly OutcomeCount[],
    now: number,
  ) {
    this.table = tableOf(watched);
    for (const outcome of outcomes) {
      const own = this.byDay.get(outcome.day);
      if (own) own.push(outcome);
      else this.byDay.set(outcome.day, [outcome]);
    }
    const settled = [...this.byDay.keys()].filter((day) => day + SETTLED_DAYS * DAY <= now);
    const coverages = settled.map((day) => this.of(day, day + DAY).coverage).sort((a, b) => a - b);
    this.usual = coverages.length === 0 ? null : coverages[coverages.length >> 1];
  }

  /** @returns nothing of a regression */
  static async read(store: MonitorStore, watched: WatchedVersion, now: number): Promise<DailyQuality | undefined> {
    if (watched.task === 'regression') return undefined;
    const { model, version } = watched;
    const to = now - (now % DAY) + DAY;
    const query = { model, version, from: to - 30 * DAY, to, edges: edgesOf(tableOf(watched)) };
    return new DailyQuality(watched, await store.outcomes(query), now);
  }

  get days(): number[] {
    return [...this.byDay.keys()].sort((a, b) => a - b);
  }

  /** Of the predictions of whole days. */
  of(from: number, to: number): SeenQuality {
    const outcomes = [...this.byDay].flatMap(([day, own]) => (day >= from && day < to ? own : []));
    const bins = binsOf(this.table, outcomes);
    const { rows, labels, coverage, weighted } = liveAccuracy(bins);
    const refuted = this.table !== undefined && isRefuted(this.table, bins);
    const rowsByBin = bins.map((bin) => bin.rows);
    const estimate = refuted || !this.table ? null : estimatedAccuracy(this.table, rowsByBin);
    return {
      from,
      to,
      rows,
      labels,
      coverage,
      // What is missing of so many labels is too little to wait for.
      isMature: coverage >= MATURE || isMature(coverage, this.usual ?? null),
      accuracy: weighted,
      estimate,
      isRefuted: refuted,
      calibrationError: calibrationError(this.watched, this.table, outcomes),
      correct: bins.reduce((sum, bin) => sum + bin.correct, 0),
    };
  }
}

/** What became of the accuracy since the last run. */
export interface QualityStep {
  readonly watch: Pick<VersionWatch, 'quality' | 'lowAccuracy' | 'judgedDays'>;
  readonly opened: readonly AccuracyEpisode[];
  readonly closed: readonly AccuracyEpisode[];
}

/**
 * Judges the days and windows that have ended and have their labels: each day once, whenever its labels come; longer windows as they
 * end.
 *
 * @param ended days that have ended since the last run: their starts
 * @param until where the last closed day ends
 */
export function watchQuality(
  quality: DailyQuality,
  { accuracy: registered }: WatchedVersion,
  before: Pick<VersionWatch, 'lowAccuracy' | 'judgedDays'>,
  ended: readonly number[],
  until: number,
  { budget, margin = DEFAULT_MARGIN }: QualityOptions,
): QualityStep {
  let lowAccuracy = [...before.lowAccuracy];
  const judgedDays = before.judgedDays.filter((day) => day >= until - 30 * DAY);
  const opened: AccuracyEpisode[] = [];
  const closed: AccuracyEpisode[] = [];
  const judge = (scale: QualityScale, from: number, to: number): boolean => {
    const found = quality.of(from, to);
    if (registered === null || !found.isMature || found.labels === 0) return false;
    const open = lowAccuracy.find(({ alarm }) => alarm.scale === scale);
    if (isAccuracyLow({ registered, margin }, found, scale, budget)) {
      if (open) return true;
      const alarm: AccuracyAlarm = {
        ...found.accuracy!,
        scale,
        from,
        to,
        registered,
        floor: registered - margin,
        labels: found.labels,
      };
      const episode = { since: until, alarm };
      lowAccuracy.push(episode);
      opened.push(episode);
    } else if (open) {
      lowAccuracy = lowAccuracy.filter((episode) => episode !== open);
      closed.push(open);
    }
    return true;
  };
  for (const day of quality.days) {
    if (day + DAY > until || judgedDays.includes(day)) continue;
    if (judge('1d', day, day + DAY)) judgedDays.push(day);
  }
  for (const day of ended) {
    for (const scale of ['7d', '28d'] as const) judge(scale, day + DAY - SCALES[scale].length, day + DAY);
  }
  const seen = QUALITY_SCALES.map((scale) => [scale, quality.of(until - SCALES[scale].length, until)] as const);
  return { watch: { quality: Object.fromEntries(seen), lowAccuracy, judgedDays }, opened, closed };
}
