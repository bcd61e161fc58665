/** In milliseconds. */
export const HOUR = 3_600_000;
/** In milliseconds, without daylight saving. */
export const DAY = 24 * HOUR;
