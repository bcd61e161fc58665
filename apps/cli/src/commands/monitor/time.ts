import { InputError } from '#kit';

const FORM = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * Milliseconds since the epoch; for a date, its start in UTC.
 *
 * @throws InputError if the text is not a time
 */
export function timeOf(option: string, text: string): number {
  const time = FORM.test(text) ? Date.parse(text) : NaN;
  if (Number.isFinite(time)) return time;
  throw new InputError(`${option} ${text} is not a valid time; write 2026-11-30 or 2026-11-30T12:00:00Z.`);
}

/** A time as people and machines read it. */
export const timeText = (time: number): string => new Date(time).toISOString().replace(/:00\.000Z$/, 'Z');
