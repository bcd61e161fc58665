import type { Content } from '../content.js';
import { DAY, HOUR, MINUTE, SECOND } from './calendar.js';
import type { StepDefinition } from './step.js';

const UNITS = { weeks: 7 * DAY, days: DAY, hours: HOUR, minutes: MINUTE, seconds: SECOND } as const;

/** The time elapsed since another point in time, of a column or fixed. */
export interface ElapsedStep {
  readonly kind: 'elapsed';
  readonly column: string;
  /** A column of dates or times. */
  readonly since?: string;
  /** A fixed date, or time in UTC: `2024-01-31`, `2024-01-31T12:00:00Z`. */
  readonly reference?: string;
  readonly unit: keyof typeof UNITS;
  readonly output: string;
}

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,3})?Z)?$/;

/** Microseconds since 1970; NaN for any other text. */
const momentOf = (text: string): number => (MOMENT.test(text) ? Date.parse(text) * 1_000 : NaN);

const isTime = (content: Content): boolean => content === 'date' || content === 'datetime';

export const elapsed: StepDefinition<ElapsedStep> = {
  reads: (step) => [step.column, ...(step.since === undefined ? [] : [step.since])],
  writes: (step) => [step.output],
  objection: (_, content, name) =>
    isTime(content) ? undefined : `"${name}" has no dates or times; give the column the type date or datetime`,
  flaw({ since, reference }) {
    if ((since === undefined) === (reference === undefined)) return 'set either since, a column, or reference, a day';
    return reference !== undefined && Number.isNaN(momentOf(reference))
      ? `the reference "${reference}" is neither a day such as 2024-01-31 nor a time such as 2024-01-31T12:00:00Z`
      : undefined;
  },
  fit: (step) => step,
  bind({ column: name, since, reference = '', unit, output }, column) {
    const from = column(name);
    const to = column(output);
    const start = since === undefined ? new Float64Array(to.length).fill(momentOf(reference)) : column(since);
    const length = UNITS[unit];
    return (rows) => {
      for (let i = 0; i < rows; i++) to[i] = (from[i] - start[i]) / length;
    };
  },
};
