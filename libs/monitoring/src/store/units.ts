import { DAY, HOUR } from '#kit';
import type { Scale } from './monitor-store.js';

/** In milliseconds, the finer first. */
export const UNITS: Readonly<Record<Scale, number>> = { minute: 60_000, hour: HOUR, day: DAY };
