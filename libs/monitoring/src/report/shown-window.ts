import { type Scale, SCALES, type Window } from '../time/scales.js';

/** A window on a page; one that is still open may receive more rows. */
export interface ShownWindow extends Window {
  readonly closed: boolean;
}

/**
 * The window of a scale that ends at a given time.
 *
 * @param to in milliseconds since the epoch; rounded up to the scale's step
 * @param closedUpTo all windows up to here are closed
 * @param since start of counting against the present reference: no window begins earlier
 */
export function windowEndingAt(scale: Scale, to: number, closedUpTo: number, since: number): ShownWindow {
  const { length, step } = SCALES[scale];
  const end = Math.ceil(to / step) * step;
  const from = end - length;
  return { scale, from: since < end ? Math.max(from, since) : from, to: end, closed: end <= closedUpTo };
}

/** The most recently closed window. */
export const lastClosedWindow = (scale: Scale, closedUpTo: number, since: number): ShownWindow =>
  windowEndingAt(scale, Math.floor(closedUpTo / SCALES[scale].step) * SCALES[scale].step, closedUpTo, since);

/** The window that closes next. */
export const openWindow = (scale: Scale, closedUpTo: number, since: number): ShownWindow =>
  windowEndingAt(scale, (Math.floor(closedUpTo / SCALES[scale].step) + 1) * SCALES[scale].step, closedUpTo, since);
