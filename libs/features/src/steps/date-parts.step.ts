import type { Content } from '../content.js';
import { civilDate, DAY, dayOf, HOUR, isoWeek, MINUTE, SECOND, weekdayOf } from './calendar.js';
import type { StepDefinition } from './step.js';

/** Functions of local time, in microseconds since 1970. */
const PARTS = {
  year: (time) => civilDate(dayOf(time)).year,
  quarter: (time) => Math.floor((civilDate(dayOf(time)).month + 2) / 3),
  month: (time) => civilDate(dayOf(time)).month,
  week: (time) => isoWeek(dayOf(time)),
  day: (time) => civilDate(dayOf(time)).day,
  day_of_year: (time) => civilDate(dayOf(time)).dayOfYear,
  weekday: (time) => weekdayOf(dayOf(time)),
  is_weekend: (time) => Math.floor(weekdayOf(dayOf(time)) / 5),
  hour: (time) => Math.floor((time - dayOf(time) * DAY) / HOUR),
  minute: (time) => Math.floor((time - Math.floor(time / HOUR) * HOUR) / MINUTE),
  second: (time) => Math.floor((time - Math.floor(time / MINUTE) * MINUTE) / SECOND),
} as const satisfies Record<string, (time: number) => number>;

type Part = keyof typeof PARTS;

const OF_THE_CLOCK: readonly Part[] = ['hour', 'minute', 'second'];

/**
 * Parts of a date or time as numbers (pandas `Series.dt`): month from 1 to 12, weekday from 0 (Monday) to 6, hour from
 * 0 to 23, ISO 8601 week.
 */
export interface DatePartsStep {
  readonly kind: 'date_parts';
  readonly column: string;
  /** Prefix of the new columns' names; the column's name if not set. */
  readonly output?: string;
  readonly parts: readonly Part[];
  /** `UTC`, if not set, or an offset such as `+02:00`. A zone with summer time would need tables that change. */
  readonly timezone?: string;
}

function offsetOf(timezone = 'UTC'): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(timezone) ?? [, '+', '0', '0'];
  return (Number(hours) * HOUR + Number(minutes) * MINUTE) * (sign === '-' ? -1 : 1);
}

const isTime = (content: Content): boolean => content === 'date' || content === 'datetime';

export const dateParts: StepDefinition<DatePartsStep> = {
  reads: (step) => [step.column],
  writes: (step) => step.parts.map((part) => `${step.output ?? step.column}_${part}`),
  group: (step) => step.output ?? step.column,
  objection({ parts, timezone }, content, name) {
    if (!isTime(content)) return `"${name}" has no dates or times; give the column the type date or datetime`;
    if (content === 'datetime') return undefined;
    const part = parts.find((one) => OF_THE_CLOCK.includes(one));
    if (part) return `"${name}" holds dates, which have no ${part}`;
    return timezone ? `"${name}" holds dates, which have no timezone` : undefined;
  },
  fit: (step) => step,
  bind(step, column) {
    const from = column(step.column);
    const offset = offsetOf(step.timezone);
    const outputs = step.parts.map((part) => ({
      partOf: PARTS[part],
      to: column(`${step.output ?? step.column}_${part}`),
    }));
    return (rows) => {
      for (const { partOf, to } of outputs) for (let i = 0; i < rows; i++) to[i] = partOf(from[i] + offset);
    };
  },
};
