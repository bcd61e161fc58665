import { DAY } from '#kit';
import { describeWindow } from '../drift/describe-window.js';
import type { WatchOptions } from '../drift/judge-window.js';
import { closeWindows, type Episode, type WatchState } from '../episodes/episodes.js';
import { addHours } from '../counts/hour-counts.js';
import type { MonitorPlan } from '../cells/monitor-plan.js';
import type { MonitorStore } from '../store/monitor-store.js';
import { dayOf } from '../store/rows.js';
import { closedUpTo, type Scale, SCALE_NAMES, SCALES } from '../time/scales.js';
import { ClosedHours } from './closed-hours.js';
import { type AdoptedReference, eventsOf, type QualityEpisode, recordEvent } from './events.js';
import { keepWatch, readWatch, type SeenColumn, type VersionWatch } from './watch-note.js';
import { boundOf, DailyQuality, type QualityOptions, watchQuality } from './watch-quality.js';
import { planOf, type WatchedVersion, watchedModels, watchedVersions } from './watched-version.js';

/** A version without requests for this long is no longer judged. */
const IDLE_DAYS = 40;

export type WatchRunOptions = Omit<WatchOptions, 'reference'> & QualityOptions;

/** The result of a run for one version. */
export interface VersionRun {
  readonly model: string;
  readonly version: string;
  /** All windows up to here are closed. */
  readonly closedUpTo: number;
  readonly opened: readonly Episode[];
  readonly closed: readonly Episode[];
  /** Open episodes. */
  readonly drift: readonly Episode[];
  readonly badQuality: readonly QualityEpisode[];
}

/** The window that was last adopted as the reference of a version, if any. */
export function referenceOf(
  events: Awaited<ReturnType<typeof eventsOf>>,
  version: string,
): AdoptedReference | undefined {
  return events
    .flatMap((event) => (event.kind === 'reference.adopted' && event.body.version === version ? [event.body] : []))
    .at(-1);
}

/** Start of the hour in which the first row of a version was counted. */
async function firstHour(
  store: MonitorStore,
  { model, version }: WatchedVersion,
  now: number,
): Promise<number | undefined> {
  const counts = await store.counts({ model, version, from: now - IDLE_DAYS * DAY, to: now, scale: 'day' });
  if (counts.length === 0) return undefined;
  const day = Math.min(...counts.map(({ time }) => time));
  const hours = await store.counts({ model, version, from: day, to: day + DAY, scale: 'hour' });
  return hours.length === 0 ? day : Math.min(...hours.map(({ time }) => time));
}

function seenAt(
  plan: MonitorPlan,
  hours: ClosedHours,
  { since }: WatchState,
  until: number,
  before: VersionWatch['seen'],
  options: WatchOptions,
): VersionWatch['seen'] {
  const seen = SCALE_NAMES.map((scale): [Scale, readonly SeenColumn[] | undefined] => {
    const to = until - (until % SCALES[scale].step);
    const own = hours.between(Math.max(to - SCALES[scale].length, since), to);
    if (own.length === 0) return [scale, before[scale]];
    const { columns } = describeWindow(plan, addHours(plan, own), scale, options);
    return [
      scale,
      columns.map(({ name, moved, missing, unseen, finding }) => ({
        name,
        moved,
        log10P: finding ? finding.logP / Math.LN10 : 0,
        missing,
        outside: unseen,
      })),
    ];
  });
  return Object.fromEntries(seen.filter(([, columns]) => columns));
}

/** Days that end in (after, until], by their start. */
function endedDays(after: number, until: number): number[] {
  const days: number[] = [];
  for (let day = dayOf(Math.max(after, until - IDLE_DAYS * DAY)); day + DAY <= until; day += DAY) {
    if (day + DAY > after) days.push(day);
  }
  return days;
}

const kindOfAlarm = ({ alarm }: QualityEpisode): 'accuracy' | 'error' =>
  alarm.metric === 'accuracy' ? 'accuracy' : 'error';

/** The changes of a version in a run. */
interface VersionStep {
  readonly watch: VersionWatch;
  readonly opened: readonly Episode[];
  readonly closed: readonly Episode[];
  readonly newlyBad: readonly QualityEpisode[];
}

/** @returns undefined where no window is due */
async function watchVersion(
  store: MonitorStore,
  watched: WatchedVersion,
  before: VersionWatch | undefined,
  reference: AdoptedReference | undefined,
  now: number,
  options: WatchRunOptions,
): Promise<VersionStep | undefined> {
  const { model, version } = watched;
  const plan = planOf(watched);
  const until = closedUpTo(now);
  const first = before?.state.since ?? (await firstHour(store, watched, now));
  if (first === undefined || until <= (before?.state.closedUpTo ?? 0)) return undefined;
  const since = Math.max(first, reference ? reference.to : 0);
  const isNewReference = before !== undefined && since > before.state.since;
  const state: WatchState = {
    closedUpTo: before?.state.closedUpTo ?? since,
    since,
    episodes: isNewReference ? [] : (before?.state.episodes ?? []),
  };
  const hours = await ClosedHours.read(store, plan, watched);
  await hours.close(state.closedUpTo, until, since);
  const watching: WatchOptions = {
    ...options,
    ...(reference?.cells.length === plan.length && { reference: Float64Array.from(reference.cells) }),
  };
  const step = closeWindows(plan, state, now, (from, to) => hours.between(from, to), watching);
  const quality = await DailyQuality.read(store, watched, until);
  const past = { badQuality: before?.badQuality ?? [], judgedDays: before?.judgedDays ?? [] };
  const ended = endedDays(state.closedUpTo, until);
  const judged = watchQuality(quality, watched, past, ended, dayOf(until), options);
  const over = isNewReference
    ? before.state.episodes.map((episode) => ({ kind: 'closed' as const, at: since, episode }))
    : [];
  for (const { kind, at, episode } of [...over, ...step.events]) {
    const key = [version, episode.alarm.column, episode.alarm.scale, episode.since];
    await recordEvent(store, { kind: `drift.${kind}`, model, time: at, body: { version, episode } }, key);
  }
  for (const kind of ['opened', 'closed'] as const) {
    for (const episode of judged[kind]) {
      const key = [version, episode.alarm.scale, episode.since];
      const what = kindOfAlarm(episode);
      await recordEvent(store, { kind: `${what}.${kind}`, model, time: until, body: { version, episode } }, key);
    }
  }
  const of = (kind: 'opened' | 'closed'): Episode[] =>
    step.events.filter((event) => event.kind === kind).map(({ episode }) => episode);
  return {
    watch: {
      state: step.state,
      seen: seenAt(plan, hours, step.state, until, before?.seen ?? {}, watching),
      bound: boundOf(watched),
      ...judged.watch,
    },
    opened: of('opened'),
    closed: of('closed'),
    newlyBad: judged.opened,
  };
}

async function watchModel(
  store: MonitorStore,
  model: string,
  now: number,
  options: WatchRunOptions,
): Promise<VersionRun[]> {
  const before = await readWatch(store, model);
  const events = await eventsOf(store, model);
  const versions: Record<string, VersionWatch> = { ...before?.versions };
  const runs: VersionRun[] = [];
  const alarms = { drift: 0, accuracy: 0, error: 0, ...before?.alarms };
  for (const watched of await watchedVersions(store, model)) {
    const { version } = watched;
    const step = await watchVersion(store, watched, versions[version], referenceOf(events, version), now, options);
    if (step) versions[version] = step.watch;
    alarms.drift += step?.opened.length ?? 0;
    for (const episode of step?.newlyBad ?? []) alarms[kindOfAlarm(episode)]++;
    const watch = versions[version] as VersionWatch | undefined;
    if (!watch) continue;
    const { state, badQuality } = watch;
    const { opened = [], closed = [] } = step ?? {};
    runs.push({ model, version, closedUpTo: state.closedUpTo, opened, closed, drift: state.episodes, badQuality });
  }
  await keepWatch(store, model, { ranAt: Date.now(), versions, alarms });
  return runs;
}

/**
 * Closes all due windows of all models, judges them, and records the results. Idempotent: after a crash, the next run repeats the
 * unfinished work with the same result.
 *
 * @param now milliseconds since the epoch
 */
export async function runWatch(store: MonitorStore, now: number, options: WatchRunOptions = {}): Promise<VersionRun[]> {
  const runs: VersionRun[] = [];
  for (const model of await watchedModels(store)) runs.push(...(await watchModel(store, model, now, options)));
  return runs;
}
