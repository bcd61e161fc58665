import { type Scale, SCALES, type Window } from '../time/scales.js';

/** A window that is shown; rows may still come into one that is open. */
export interface ShownWindow extends Window {
  readonly closed: boolean;
}

/**
 * The window of a scale that ends with a step of it.
 *
 * @param to in milliseconds since the epoch; the step that it is in, or ends, is taken
 * @param closedUpTo all windows up to here are closed
 * @param since when counting against the present reference began: no window reaches further back
 */
export function windowEndingAt(scale: Scale, to: number, closedUpTo: number, since: number): ShownWindow {
  const { length, step } = SCALES[scale];
  const end = Math.ceil(to / step) * step;
  const from = end - length;
  return { scale, from: since < end ? Math.max(from, since) : from, to: end, closed: end <= closedUpTo };
}

/** The window that closed last. */
export const lastClosedWindow = (scale: Scale, closedUpTo: number, since: number): ShownWindow =>
  windowEndingAt(scale, Math.floor(closedUpTo / SCALES[scale].step) * SCALES[scale].step, closedUpTo, since);

/** The window that closes next, so far. */
export const openWindow = (scale: Scale, closedUpTo: number, since: number): ShownWindow =>
  windowEndingAt(scale, (Math.floor(closedUpTo / SCALES[scale].step) + 1) * SCALES[scale].step, closedUpTo, since);
