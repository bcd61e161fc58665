import { type Baseline, categoryCells, numberCells } from '#bundle';
import { RandomStream } from '#kit';
import { type Counts } from '../counts/counts.js';
import { addHours, closeHour, type HourCounts } from '../counts/hour-counts.js';
import { MonitorPlan } from '../cells/monitor-plan.js';
import type { Scale } from '../time/scales.js';
import { describeWindow } from './describe-window.js';
import { judgeWindow, type WatchOptions } from './judge-window.js';

const random = (stream: number) => new RandomStream(18, stream);
/** 10,000 rows, evenly spaced between 0 and 1. */
const trained = Float64Array.from({ length: 10_000 }, (_, i) => (i + 0.5) / 10_000);
const planOf = (values: Float64Array): MonitorPlan => {
  const baseline: Baseline = { format_version: 2, rows: values.length, columns: {}, cells: { x: numberCells(values) } };
  return new MonitorPlan({ inputs: [{ name: 'x', type: 'float' }], classes: [], baseline });
};
const plan = planOf(trained);

/** @param calls requests in each minute; by default one for each row */
function hours(of: MonitorPlan, count: number, minutes: number, minute: () => number[], calls?: number): HourCounts {
  const counted = (): Counts => {
    const rows = minute();
    const cells = new Uint32Array(of.length);
    of.count({ columns: [rows], scores: [] }, 0, rows.length, cells);
    return { rows: rows.length, calls: calls ?? rows.length, cells };
  };
  const closed = Array.from({ length: count }, () => closeHour(of, Array.from({ length: minutes }, counted)));
  return addHours(of, closed);
}

const judge = (of: MonitorPlan, counts: HourCounts, scale: Scale, options: WatchOptions = {}) =>
  judgeWindow(of, counts, scale, options).alarms;
const draw =
  (numbers: RandomStream, change: (value: number) => number = (value) => value) =>
  () => [change(numbers.uniform())];

it('finds nothing in rows as in training', () => {
  expect(judge(plan, hours(plan, 24, 42, draw(random(1))), '1d')).toEqual([]);
});

it('tells a shift in words, with both shares and an interval', () => {
  const numbers = random(2);
  const [alarm, ...others] = judge(
    plan,
    hours(
      plan,
      24,
      42,
      draw(numbers, (value) => value ** 0.7),
    ),
    '1d',
  );
  expect(others).toEqual([]);
  expect(alarm).toMatchObject({ column: 'x', scale: '1d' });
  expect(alarm.split).toMatch(/^values above 0\.\d+$/);
  expect(alarm.now).toBeGreaterThan(alarm.baseline + 0.05);
  expect(alarm.low).toBeGreaterThan(alarm.baseline);
  expect(alarm.low).toBeLessThan(alarm.now);
  expect(alarm.high).toBeGreaterThan(alarm.now);
  expect(alarm.logP).toBeLessThanOrEqual(alarm.logLevel);
});

it('finds within an hour that most values are missing', () => {
  const numbers = random(3);
  const broken = hours(plan, 1, 50, () =>
    Array.from({ length: 10 }, () => (numbers.uniform() < 0.05 ? NaN : numbers.uniform())),
  );
  expect(judge(plan, broken, '1h').map(({ split }) => split)).toEqual(['missing']);
});

it('is silent about an hour whose rows come in batches, and about distributions of an hour', () => {
  const numbers = random(4);
  const minute = () => Array.from({ length: 10 }, () => (numbers.uniform() < 0.2 ? NaN : numbers.uniform() / 2));
  expect(judge(plan, hours(plan, 1, 50, minute, 1), '1h')).toEqual([]);
  const low = hours(plan, 1, 50, () => Array.from({ length: 10 }, () => numbers.uniform() / 2));
  expect(judge(plan, low, '1h')).toEqual([]);
  expect(judge(plan, low, '1d')).not.toEqual([]);
});

it('finds nothing where minutes are too few to tell how alike their rows are', () => {
  const numbers = random(5);
  const alike = () => Array<number>(500).fill(numbers.uniform());
  expect(judge(plan, hours(plan, 8, 1, alike), '1d')).toEqual([]);
  expect(judge(plan, hours(plan, 4, 3, alike), '1d')).toEqual([]);
});

it('does not take rows of a batch that were sent one by one for independent', () => {
  const numbers = random(6);
  const alike = () => Array<number>(20).fill(numbers.uniform());
  expect(judge(plan, hours(plan, 24, 10, alike), '1d')).toEqual([]);
});

it('ignores a change too small to matter, however many rows there are', () => {
  const counts = hours(plan, 24, 60, draw(random(7)));
  const cells = Float64Array.from(plan.columns[0].reference, (count, cell) => count * 1_000 * (cell > 9 ? 1.06 : 0.94));
  const many = { ...counts, rows: 1e7, calls: 1e7, cells };
  expect(judge(plan, many, '1d')).toEqual([]);
  expect(judge(plan, many, '1d', { floor: { points: 0, pointsWhereDoubled: 0 } })).not.toEqual([]);
});

it('a fall of what is rare matters where it is halved', () => {
  const rare = planOf(Float64Array.from({ length: 10_000 }, (_, i) => (i < 200 ? NaN : i)));
  const numbers = random(8);
  const filled = hours(rare, 24, 60, () => Array.from({ length: 4 }, () => 200 + numbers.below(9_800)));
  expect(judge(rare, filled, '1d').map(({ split, now }) => [split, now])).toEqual([['missing', 0]]);
});

it('raises no alarm on one unseen category in a million rows, or on new ones in a column of thousands', () => {
  const many = Array.from({ length: 100_000 }, (_, i) => i);
  const numbers = random(9);
  const drawn = () => Math.floor(numbers.uniform() ** -0.9) % 100_000;
  const raw = Array.from({ length: 800 }, drawn);
  const values = [...new Set(raw)];
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const codes = Float64Array.from(raw, (value) => codeOf.get(value)!);
  const baseline: Baseline = { format_version: 2, rows: 800, columns: {}, cells: { x: categoryCells(codes, values) } };
  const tail = new MonitorPlan({ inputs: [{ name: 'x', type: 'category', values }], classes: [], baseline });
  const later = hours(tail, 24, 60, () => Array.from({ length: 10 }, () => codeOf.get(drawn()) ?? -1));
  expect(many.length).toBeGreaterThan(values.length);
  expect(judge(tail, later, '1d', { floor: { points: 0, pointsWhereDoubled: 0 } })).toEqual([]);

  const few: Baseline = {
    format_version: 2,
    rows: 1_000,
    columns: {},
    cells: {
      x: categoryCells(
        Float64Array.from({ length: 1_000 }, (_, i) => i % 2),
        [0, 1],
      ),
    },
  };
  const two = new MonitorPlan({
    inputs: [{ name: 'x', type: 'category', values: [0, 1] }],
    classes: [],
    baseline: few,
  });
  const million = {
    ...hours(two, 24, 60, () => [numbers.below(2)]),
    cells: Float64Array.of(0, 0, 500_000, 499_999, 1),
  };
  expect(judge(two, million, '1d')).toEqual([]);
});

describe.each([
  ['constant', Float64Array.of(5, 5, 5, 5)],
  ['all missing', Float64Array.of(NaN, NaN)],
  ['of one row', Float64Array.of(3)],
])('a baseline that is %s', (_, values) => {
  const odd = planOf(values);

  it.each([
    ['empty', () => []],
    ['all missing', () => [NaN, NaN]],
    ['of one row', () => [5]],
    ['all equal', () => [5, 5, 5]],
    ['infinite', () => [Infinity, -Infinity]],
  ])('bears a window that is %s', (_, minute) => {
    for (const scale of ['1h', '1d'] as const) {
      for (const { logP, baseline, now, low, high } of judge(odd, hours(odd, 24, 60, minute), scale))
        expect([logP, baseline, now, low, high].every(Number.isFinite)).toBe(true);
    }
  });
});

describe('describeWindow', () => {
  it('says of stable rows which change it would have detected, and how far they moved by chance', () => {
    const described = describeWindow(plan, hours(plan, 24, 42, draw(random(10))), '1d');
    expect(described).toMatchObject({ status: 'as_usual', rows: 1_008, independent: true, silent: null });
    const [x] = described.columns;
    expect(x.words).toMatch(/^values .* (?:rose|fell) from \d+\.\d % to \d+\.\d % \[\d+\.\d, \d+\.\d\]$/);
    // 0.1 to 0.11: 0.25 standard deviations of a normal column.
    expect(x.smallest_visible).toBeGreaterThan(0.07);
    expect(x.smallest_visible).toBeLessThan(0.12);
    expect(x.moved).toBeLessThan(0.1);
    expect(x.distances.population_stability).toBeLessThan(0.1);
    expect(x.e_value).toBeLessThan(20);
  });

  it('tells a moved column as the alarm does', () => {
    const moved = hours(
      plan,
      24,
      42,
      draw(random(11), (value) => value ** 0.7),
    );
    const { status, columns } = describeWindow(plan, moved, '1d');
    const [{ split, logP }] = judge(plan, moved, '1d');
    expect([status, columns[0].status, columns[0].finding]).toMatchObject(['moved', 'moved', { split, logP }]);
    expect(columns[0].e_value).toBeGreaterThan(100);
  });

  it('says why it is silent', () => {
    const numbers = random(12);
    const alike = hours(plan, 1, 50, () => Array<number>(10).fill(numbers.uniform()), 1);
    expect(describeWindow(plan, alike, '1h')).toMatchObject({
      status: 'too_few_rows',
      silent: 'Rows came in batches or alike: an hour of such rows cannot tell drift from a batch.',
    });
    expect(
      describeWindow(
        plan,
        hours(plan, 3, 1, () => [0.5]),
        '1d',
      ).silent,
    ).toMatch(/^Too few minutes/);
    expect(
      describeWindow(
        plan,
        hours(plan, 1, 1, () => []),
        '1d',
      ).silent,
    ).toBe('No row came.');
  });

  it('of few rows says that it could have seen nothing', () => {
    const few = describeWindow(
      plan,
      hours(plan, 3, 5, () => [0.5]),
      '1d',
    );
    expect(few.columns[0]).toMatchObject({ status: 'too_few_rows', smallest_visible: null });
  });

  it('without a baseline has nothing to tell', () => {
    const none = new MonitorPlan({ inputs: [], classes: [], baseline: null });
    expect(describeWindow(none, closeHour(none, []), '1d')).toMatchObject({ status: 'no_baseline', columns: [] });
  });
});

it('raises no alarm on rows outside that a baseline of few rows could not contain', () => {
  const small = planOf(Float64Array.from({ length: 800 }, (_, i) => (i + 0.5) / 800));
  const inside = small.columns[0].reference.slice(2, -1);
  const cells = Float64Array.of(0, 880, ...inside.map((count) => count * 98), 880);
  const many = { ...hours(small, 24, 60, draw(random(13))), cells };
  const found = judge(small, many, '1d', { floor: { points: 0, pointsWhereDoubled: 0 } });
  expect(found.filter(({ split }) => split.includes('below'))).toEqual([]);
});
