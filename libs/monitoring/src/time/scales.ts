import { DAY } from '#kit';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What the last minutes of an hour need to arrive. */
const GRACE = 2 * MINUTE;

/** How long a window is, and how often one closes: the long ones roll with each day. All in UTC. */
export const SCALES = {
  '1h': { length: HOUR, step: HOUR },
  '1d': { length: DAY, step: DAY },
  '7d': { length: 7 * DAY, step: DAY },
  '28d': { length: 28 * DAY, step: DAY },
} as const;

export type Scale = keyof typeof SCALES;
export const SCALE_NAMES = Object.keys(SCALES) as Scale[];

/** Windows of a scale that close in 30 days. */
export const windowsIn30Days = (scale: Scale): number => (30 * DAY) / SCALES[scale].step;

/** A stretch of time, in milliseconds since the epoch; `to` is no part of it. */
export interface Window {
  readonly scale: Scale;
  readonly from: number;
  readonly to: number;
}

/** Up to where all windows are closed at a time. */
export const closedUpTo = (now: number): number => Math.floor((now - GRACE) / HOUR) * HOUR;

/**
 * The windows that closed after `last`, in the order of their ends: each once, however late or often it is asked.
 *
 * @param last what {@link closedUpTo} said before
 * @param since when counting against the present reference began: no window reaches further back
 */
export function windowsToClose(last: number, now: number, since: number): Window[] {
  const windows: Window[] = [];
  for (let to = Math.floor(last / HOUR) * HOUR + HOUR; to <= closedUpTo(now); to += HOUR) {
    for (const scale of SCALE_NAMES) {
      const { length, step } = SCALES[scale];
      if (to % step === 0 && to > since) windows.push({ scale, from: Math.max(to - length, since), to });
    }
  }
  return windows;
}
