import { DAY, HOUR } from '#kit';
import type { CountScale } from './monitor-store.js';

/** In milliseconds, finest first. */
export const UNITS: Readonly<Record<CountScale, number>> = { minute: 60_000, hour: HOUR, day: DAY };
