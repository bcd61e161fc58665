import { DAY } from '#kit';
import { isMature, usualCoverage } from '../quality/outcomes.js';
import { ACCURACY_MARGIN, ERROR_RATIO, type QualityScale } from '../quality/quality-alarm.js';
import type { ErrorSum, MonitorStore, OutcomeCount } from '../store/monitor-store.js';
import { SCALES } from '../time/scales.js';
import type { QualityAlarm, QualityEpisode } from './events.js';
import { type Seen, seenClasses, seenErrors } from './seen-quality.js';
import type { SeenQuality, VersionWatch } from './watch-note.js';
import { registeredOf, type WatchedVersion } from './watched-version.js';

const QUALITY_SCALES: readonly QualityScale[] = ['1d', '7d', '28d'];

export interface QualityOptions {
  readonly budget?: number;
}

/** The bound of the quality: from the model file, else from the registered quality; null where neither is known. */
export function boundOf(watched: WatchedVersion): number | null {
  const { task, bounds = {} } = watched;
  const registered = registeredOf(watched);
  if (task === 'regression') return bounds.maximumMae ?? (registered === null ? null : registered * ERROR_RATIO);
  return bounds.minimumAccuracy ?? (registered === null ? null : registered - ACCURACY_MARGIN);
}

/** The quality of a period, and the test against its bound. */
interface Judged extends Pick<Seen, 'isBad'> {
  readonly seen: SeenQuality;
}

/** The quality of predictions by day, read from the store once. */
export class DailyQuality<Outcome extends { readonly day: number } = OutcomeCount | ErrorSum> {
  private readonly byDay = new Map<number, Outcome[]>();
  private readonly usual: number | null;

  private constructor(
    private readonly see: (outcomes: readonly Outcome[]) => Seen,
    outcomes: readonly Outcome[],
    now: number,
  ) {
    for (const outcome of outcomes) {
      const own = this.byDay.get(outcome.day);
      if (own) own.push(outcome);
      else this.byDay.set(outcome.day, [outcome]);
    }
    const days = [...this.byDay].map(([day, own]) => ({ day, coverage: see(own).figures.coverage }));
    this.usual = usualCoverage(days, now);
  }

  static async read(store: MonitorStore, watched: WatchedVersion, now: number): Promise<DailyQuality> {
    const { model, version, task, baseline } = watched;
    const to = now - (now % DAY) + DAY;
    // Without the last edge, scores beyond the table fall into its last bin.
    const query = { model, version, from: to - 30 * DAY, to, edges: baseline?.scores?.uppers.slice(0, -1) ?? [] };
    if (task === 'regression') {
      const see = (sums: readonly ErrorSum[]): Seen => seenErrors(watched, sums);
      return new DailyQuality(see, await store.errors(query), now) as DailyQuality;
    }
    const see = (outcomes: readonly OutcomeCount[]): Seen => seenClasses(watched, outcomes);
    return new DailyQuality(see, await store.outcomes(query), now) as DailyQuality;
  }

  get days(): number[] {
    return [...this.byDay.keys()].sort((a, b) => a - b);
  }

  /** The quality of the predictions of whole days. */
  of(from: number, to: number): Judged {
    const { figures, isBad } = this.see([...this.byDay].flatMap(([day, own]) => (day >= from && day < to ? own : [])));
    return { seen: { from, to, ...figures, isMature: isMature(figures.coverage, this.usual) }, isBad };
  }
}

/** The changes of the quality since the last run. */
export interface QualityStep {
  readonly watch: Pick<VersionWatch, 'quality' | 'badQuality' | 'judgedDays'>;
  readonly opened: readonly QualityEpisode[];
  readonly closed: readonly QualityEpisode[];
}

/**
 * Judges the closed days and windows whose labels have arrived: each day once, as soon as it is mature; longer windows as they end.
 *
 * @param ended starts of the days that have ended since the last run
 * @param until end of the last closed day
 */
export function watchQuality(
  quality: DailyQuality,
  watched: WatchedVersion,
  before: Pick<VersionWatch, 'badQuality' | 'judgedDays'>,
  ended: readonly number[],
  until: number,
  { budget }: QualityOptions,
): QualityStep {
  const bound = boundOf(watched);
  let badQuality = [...before.badQuality];
  const judgedDays = before.judgedDays.filter((day) => day >= until - 30 * DAY);
  const opened: QualityEpisode[] = [];
  const closed: QualityEpisode[] = [];
  const judge = (scale: QualityScale, from: number, to: number): boolean => {
    const { seen, isBad } = quality.of(from, to);
    if (bound === null || !seen.isMature || seen.value === null) return false;
    const open = badQuality.find(({ alarm }) => alarm.scale === scale);
    if (isBad(bound, scale, budget)) {
      if (open) return true;
      const { metric, labels, value } = seen;
      const registered = registeredOf(watched);
      const alarm: QualityAlarm = { ...value, metric, scale, from, to, registered, bound, labels };
      const episode = { since: until, alarm };
      badQuality.push(episode);
      opened.push(episode);
    } else if (open) {
      badQuality = badQuality.filter((episode) => episode !== open);
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
  const shown = QUALITY_SCALES.map((scale) => [scale, quality.of(until - SCALES[scale].length, until).seen] as const);
  return { watch: { quality: Object.fromEntries(shown), badQuality, judgedDays }, opened, closed };
}
