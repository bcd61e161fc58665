import type { MonitorPlan } from '../cells/monitor-plan.js';
import { addHours, type HourCounts } from '../counts/hour-counts.js';
import { type Alarm, judgeWindow, type WatchOptions } from '../drift/judge-window.js';
import { closedUpTo, type Scale, type Window, windowsToClose } from '../time/scales.js';

/** A period in which a column differs from the reference at one scale; it raises one notification, however long it lasts. */
export interface Episode {
  /** End of the window that opened it, in milliseconds since the epoch. */
  readonly since: number;
  readonly alarm: Alarm;
  /** Windows of its scale since the last one that showed the change. */
  readonly quiet: number;
}

/** The state of a version between two runs of monitoring. */
export interface WatchState {
  /** All windows up to here are closed. */
  readonly closedUpTo: number;
  /** Start of counting against the present reference. */
  readonly since: number;
  readonly episodes: readonly Episode[];
}

export interface WatchEvent {
  readonly kind: 'opened' | 'closed';
  readonly at: number;
  readonly episode: Episode;
}

/** Quiet windows after which an episode is over. */
const QUIET_WINDOWS = 2;

const isOf =
  (column: string, scale: Scale) =>
  ({ alarm }: Episode): boolean =>
    alarm.column === column && alarm.scale === scale;

/** @param hours the merged hours of a window; null without rows, which neither continues nor ends an episode */
function closeWindow(
  plan: MonitorPlan,
  state: WatchState,
  { scale, to }: Window,
  hours: HourCounts | null,
  options: WatchOptions,
): { readonly episodes: readonly Episode[]; readonly events: readonly WatchEvent[] } {
  if (hours === null) return { episodes: state.episodes, events: [] };
  const isOpen = (column: string): boolean => state.episodes.some(isOf(column, scale));
  const { alarms, lingering } = judgeWindow(plan, hours, scale, options, isOpen);
  const others = state.episodes.filter(({ alarm }) => alarm.scale !== scale);
  const own = state.episodes
    .filter(({ alarm }) => alarm.scale === scale)
    .map((episode) => ({ ...episode, quiet: lingering.includes(episode.alarm.column) ? 0 : episode.quiet + 1 }));
  const opened = alarms
    .filter(({ column }) => !isOpen(column))
    .map((alarm): Episode => ({ since: to, alarm, quiet: 0 }));
  const closed = own.filter(({ quiet }) => quiet >= QUIET_WINDOWS);
  return {
    episodes: [...others, ...own.filter(({ quiet }) => quiet < QUIET_WINDOWS), ...opened],
    events: [
      ...closed.map((episode) => ({ kind: 'closed' as const, at: to, episode })),
      ...opened.map((episode) => ({ kind: 'opened' as const, at: to, episode })),
    ],
  };
}

/** The new state of a version, and the events that led to it. */
export interface WatchStep {
  readonly state: WatchState;
  readonly events: readonly WatchEvent[];
}

/**
 * Closes all windows that are due, in order, including those missed during a restart. A pure function of state, time and counts, so
 * it can be repeated where a run may have been interrupted.
 *
 * @param hoursOf the closed hours that begin in [from, to), in any order; hours without rows may be omitted
 */
export function closeWindows(
  plan: MonitorPlan,
  state: WatchState,
  now: number,
  hoursOf: (from: number, to: number) => readonly HourCounts[],
  options: WatchOptions = {},
): WatchStep {
  const events: WatchEvent[] = [];
  let { episodes } = state;
  for (const window of windowsToClose(state.closedUpTo, now, state.since)) {
    const hours = hoursOf(window.from, window.to).filter(({ rows }) => rows > 0);
    const merged = hours.length === 0 ? null : addHours(plan, hours);
    const step = closeWindow(plan, { ...state, episodes }, window, merged, options);
    ({ episodes } = step);
    events.push(...step.events);
  }
  return { state: { ...state, closedUpTo: Math.max(state.closedUpTo, closedUpTo(now)), episodes }, events };
}
