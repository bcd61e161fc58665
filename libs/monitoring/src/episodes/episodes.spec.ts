import { type Baseline, numberCells } from '#bundle';
import { DAY, RandomStream } from '#kit';
import { MonitorPlan } from '../cells/monitor-plan.js';
import { addHours, closeHour, type HourCounts } from '../counts/hour-counts.js';
import { closeWindows, type WatchEvent, type WatchState } from './episodes.js';

const GRACE = 120_000;
const START = Date.UTC(2026, 10, 1);
const cells = { x: numberCells(Float64Array.from({ length: 10_000 }, (_, i) => i / 10_000)) };
const baseline: Baseline = { format_version: 2, rows: 10_000, columns: {}, cells };
const plan = new MonitorPlan({ inputs: [{ name: 'x', type: 'float' }], classes: [], baseline });

/** A day of 1,440 rows; a power below 1 shifts them upwards. */
function dayOf(power: number, stream: number): HourCounts {
  const numbers = new RandomStream(18, stream);
  const hours = Array.from({ length: 24 }, () =>
    closeHour(
      plan,
      Array.from({ length: 60 }, () => {
        const counts = new Uint32Array(plan.length);
        plan.count({ columns: [[numbers.uniform() ** power]], scores: [] }, 0, 1, counts);
        return { rows: 1, calls: 1, cells: counts };
      }),
    ),
  );
  return addHours(plan, hours);
}

const day = (number: number): number => START + number * DAY;
/** @param powers one for each day; null for a day without rows */
function watch(powers: readonly (number | null)[], askedAt: readonly number[]) {
  const days = powers.map((power, i) => (power === null ? null : dayOf(power, i)));
  const hoursOf = (from: number, to: number): HourCounts[] =>
    days.filter(
      (counts, i): counts is HourCounts => counts !== null && day(i) >= from && day(i) < to && to - from >= DAY,
    );
  let state: WatchState = { closedUpTo: START, since: START, episodes: [] };
  const events: WatchEvent[] = [];
  for (const now of askedAt) {
    const step = closeWindows(plan, state, now, hoursOf);
    state = step.state;
    events.push(...step.events);
  }
  return {
    state,
    lines: events.map(({ kind, at, episode }) => `${kind} ${episode.alarm.scale} ${(at - START) / DAY}`),
  };
}

const daily = (days: number): number[] => Array.from({ length: days }, (_, i) => day(i + 1) + GRACE);
const POWERS = [1, 0.6, 0.6, 1, 1, 1];

it('a drift opens one episode, which closes after two quiet windows', () => {
  const { lines } = watch(POWERS, daily(6));
  expect(lines.filter((line) => line.includes(' 1d '))).toEqual(['opened 1d 2', 'closed 1d 5']);
});

it('says the same, once, when it is asked late, often, or by a clock that went back', () => {
  const { lines, state } = watch(POWERS, daily(6));
  expect(watch(POWERS, [day(6) + GRACE])).toEqual({ lines, state });
  expect(watch(POWERS, [day(3) + GRACE, day(2), day(3) + GRACE, day(6) + GRACE, day(1)])).toEqual({ lines, state });
});

it('a day without rows says nothing, neither good nor bad', () => {
  const { lines } = watch([0.6, null, null, null, 0.6], daily(5));
  expect(lines.filter((line) => line.includes(' 1d '))).toEqual(['opened 1d 1']);
});
