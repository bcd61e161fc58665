import type { Scale } from './monitor-store.js';
import { DAY } from './rows.js';

/** In milliseconds, the finer first. */
export const UNITS: Readonly<Record<Scale, number>> = { minute: 60_000, hour: 3_600_000, day: DAY };
