import { DAY } from '#kit';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Time for the last minutes of an hour to arrive. */
const GRACE = 2 * MINUTE;

/** Length of a window, and the interval at which one closes: long windows slide by a day. All in UTC. */
export const SCALES = {
  '1h': { length: HOUR, step: HOUR },
  '1d': { length: DAY, step: DAY },
  '7d': { length: 7 * DAY, step: DAY },
  '28d': { length: 28 * DAY, step: DAY },
} as const;

export type Scale = keyof typeof SCALES;
export const SCALE_NAMES = Object.keys(SCALES) as Scale[];

/** Number of windows of a scale that close in 30 days. */
export const windowsIn30Days = (scale: Scale): number => (30 * DAY) / SCALES[scale].step;

/** A period, in milliseconds since the epoch; `to` is exclusive. */
export interface Window {
  readonly scale: Scale;
  readonly from: number;
  readonly to: number;
}

/** The time up to which all windows are closed at `now`. */
export const closedUpTo = (now: number): number => Math.floor((now - GRACE) / HOUR) * HOUR;

/**
 * The windows that have closed since `last`, in the order of their ends: each once, at whatever times it is called.
 *
 * @param last the previous result of {@link closedUpTo}
 * @param since start of counting against the present reference: no window begins earlier
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
