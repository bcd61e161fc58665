import { type Baseline, numberCells } from '#bundle';
import { RandomStream } from '#kit';
import { designEffect } from '#statistics';
import fc from 'fast-check';
import { MonitorPlan } from '../cells/monitor-plan.js';
import { addCounts, type Counts } from './counts.js';
import { addHours, closeHour, dispersionOf } from './hour-counts.js';

const values = Float64Array.from({ length: 500 }, (_, i) => Math.sin(i) * 10);
const baseline: Baseline = { format_version: 2, rows: 500, columns: {}, cells: { x: numberCells(values) } };
const plan = new MonitorPlan({ inputs: [{ name: 'x', type: 'float' }], classes: [], baseline });

const countsOf = (rows: readonly number[]): Counts => {
  const cells = new Uint32Array(plan.length);
  plan.count({ columns: [rows], scores: [] }, 0, rows.length, cells);
  return { rows: rows.length, calls: rows.length, cells };
};

it('any partition and order of the rows over processes gives the same counts', () => {
  const row = fc.record({ value: fc.oneof(fc.double(), fc.integer({ min: -12, max: 12 })), process: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(row), fc.infiniteStream(fc.nat()), (rows, order) => {
      const shuffled = rows.map((one) => ({ one, key: order.next().value as number }));
      shuffled.sort((a, b) => a.key - b.key);
      const parts = [0, 1, 2, 3].map((process) =>
        countsOf(shuffled.filter(({ one }) => one.process === process).map(({ one }) => one.value)),
      );
      const whole = addCounts([countsOf(rows.map(({ value }) => value))], plan.length);
      expect(addCounts(parts, plan.length)).toEqual(whole);
      expect(addCounts(parts.reverse(), plan.length)).toEqual(whole);
    }),
  );
});

it('hours are added as they come', () => {
  const hours = [[[1, 2], [3]], [[-4, 5, 6]], []].map((minutes) => closeHour(plan, minutes.map(countsOf)));
  const [a, b, c] = hours;
  expect(addHours(plan, [addHours(plan, [a, b]), c])).toEqual(addHours(plan, [b, a]));
});

/** The dispersion of the cut at the median, over a number of hours. */
function dispersion(hours: number, minuteOf: (random: RandomStream) => number[]) {
  const random = new RandomStream(18, 0);
  const closed = Array.from({ length: hours }, () =>
    closeHour(
      plan,
      Array.from({ length: 30 }, () => countsOf(minuteOf(random))),
    ),
  );
  return dispersionOf(addHours(plan, closed), 2);
}

describe('how minutes differ', () => {
  const draw = (random: RandomStream): number => values[random.below(500)];

  it('has a design effect of 1 for independent rows, whatever the sizes of minutes', () => {
    const found = dispersion(200, (random) => Array.from({ length: 1 + random.below(20) }, () => draw(random)));
    expect(found.degrees).toBe(200 * 29);
    expect(Math.abs(designEffect(found)! - 1)).toBeLessThan(0.06);
  });

  it('has a design effect of the size of a minute whose rows are all the same', () => {
    const found = dispersion(200, (random) => Array<number>(10).fill(draw(random)));
    expect(Math.abs(designEffect(found)! - 10)).toBeLessThan(0.6);
  });

  it('is unknown where each hour has one minute, whose size still counts', () => {
    const one = closeHour(plan, [countsOf([1, 2, 3])]);
    expect(dispersionOf(addHours(plan, [one, one]), 2)).toEqual({
      degrees: 0,
      squares: 0,
      fourths: 0,
      sizesWithin: 0,
      sizes: 18,
      expected: 0,
    });
  });

  it('ignores differences between hours', () => {
    const hours = [-9, 9].map((level) =>
      closeHour(
        plan,
        Array.from({ length: 10 }, () => countsOf([level, level])),
      ),
    );
    expect(dispersionOf(addHours(plan, hours), 2)).toMatchObject({ degrees: 18, squares: 0 });
  });
});
