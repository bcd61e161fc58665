import { baselineOfColumns, type Baseline, categoryCells, MAX_BINS, numberCells } from '#bundle';
import fc from 'fast-check';
import { categoryPlan, type ColumnPlan, numberPlan } from './column-plan.js';
import { cellsOfVersion1 } from './equal-width.js';
import { MonitorPlan } from './monitor-plan.js';
import { splitsOf } from './split.js';

const counted = (plan: ColumnPlan, values: ArrayLike<number>): number[] => {
  const counts = new Float64Array(plan.cells);
  plan.count(values, 0, values.length, counts, 0);
  return [...counts];
};
const numbers = fc.array(
  fc.oneof(fc.integer({ min: -5, max: 40 }), fc.double({ noDefaultInfinity: true }), fc.constant(NaN)),
  { minLength: 1, maxLength: 300 },
);

describe('a column of numbers', () => {
  it('counts the rows of its own baseline as the baseline has counted them', () => {
    fc.assert(
      fc.property(numbers, (drawn) => {
        const values = Float64Array.from(drawn);
        const cells = numberCells(values);
        const found = counted(numberPlan({ name: 'x', ...cells }), values);
        if (cells.minimum === null) expect(found).toEqual([cells.missing, 0, 0]);
        else expect(found).toEqual([cells.missing, 0, ...cells.counts, 0]);
      }),
    );
  });

  it('counts beyond the range, in gaps, missing and infinite values where they belong', () => {
    const plan = numberPlan({ name: 'x', ...numberCells(Float64Array.of(1, 2, 2, 5)) });
    // A gap value goes to the next higher bin; ends of bins are in them.
    expect(counted(plan, [NaN, 0.9, 1, 1.5, 2, 3, 5, 5.1, Infinity, -Infinity])).toEqual([1, 2, 1, 2, 2, 2]);
  });

  it('counts its smallest and its largest row as outside (leave-one-out)', () => {
    const { reference } = numberPlan({ name: 'x', ...numberCells(Float64Array.of(1, 2, 2, 5, NaN)) });
    expect([...reference]).toEqual([1, 0, 0, 2, 0, 2]);
    expect([...numberPlan({ name: 'x', ...numberCells(Float64Array.of(7)) }).reference]).toEqual([0, 0, 0, 1]);
  });

  it('whose values are all missing is tested for missing values only', () => {
    const plan = numberPlan({ name: 'x', ...numberCells(Float64Array.of(NaN, NaN)) });
    expect(plan.splits.map(({ kind }) => kind)).toEqual(['missing']);
    expect(counted(plan, [1, NaN])).toEqual([1, 1, 0]);
  });
});

describe('a column of categories', () => {
  const vocabulary = ['a', 'b', 'c', 'd'];

  it('counts values by frequency, unseen ones, and moves what occurs once to unseen', () => {
    const cells = categoryCells(Float64Array.of(1, 1, 1, 0, 0, 2, -1, NaN), vocabulary);
    expect(cells).toEqual({
      missing: 1,
      values: ['b', 'a', 'c'],
      counts: [3, 2, 1],
      other: 0,
      singletons: 1,
      unseen: 1,
    });
    const plan = categoryPlan('x', cells, vocabulary);
    expect([...plan.reference]).toEqual([1, 0, 3, 2, 0, 2]);
    expect(counted(plan, [0, 1, 1, 2, 3, -1, NaN])).toEqual([1, 0, 2, 1, 1, 2]);
  });

  it('of more than 16 values: 15 with 20 rows each at least, the others together', () => {
    const many = Array.from({ length: 40 }, (_, i) => `v${i}`);
    const codes = many.flatMap((_, code) => Array<number>(code < 3 ? 50 - code : code < 20 ? 2 : 1).fill(code));
    const cells = categoryCells(Float64Array.from(codes), many);
    expect(cells).toMatchObject({ values: ['v0', 'v1', 'v2'], counts: [50, 49, 48], other: 54, singletons: 20 });
    const { reference } = categoryPlan('x', cells, many);
    expect([...reference]).toEqual([0, 0, 50, 49, 48, 34, 20]);
  });

  it('ranks equal values in an order that is not theirs', () => {
    const many = Array.from({ length: 60 }, (_, i) => i);
    const codes = Float64Array.from({ length: 60 * 20 }, (_, i) => i % 60);
    const { values } = categoryCells(codes, many);
    expect(values).toHaveLength(MAX_BINS - 1);
    expect([...values].sort((a, b) => Number(a) - Number(b))).not.toEqual(many.slice(0, MAX_BINS - 1));
  });
});

describe('splitsOf', () => {
  it('is the fixed list of 27 whose weights sum to 1', () => {
    const splits = splitsOf(Array(16).fill(10), true);
    expect(splits.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    // Each outermost sixteenth is both a cut and a bin: it is tested once, with both weights.
    expect(splits).toHaveLength(25);
    expect(splits.filter(({ kind }) => kind === 'above').map(({ from }) => from - 2)).toEqual([8, 4, 12, 2, 14, 1, 15]);
  });

  it('never spends more than the level, and has no split with an empty side and no duplicates', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000 }), { maxLength: 16 }),
        fc.boolean(),
        (counts, isOrdered) => {
          const splits = splitsOf(counts, isOrdered);
          expect(splits.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThanOrEqual(1 + 1e-9);
          const sides = splits.map(({ from, to, populationFrom, populationTo }) => {
            expect(populationFrom <= from && from < to && to <= populationTo).toBe(true);
            expect(to - from).toBeLessThan(populationTo - populationFrom);
            return `${populationFrom} ${populationTo} ${to === populationTo ? `${populationFrom}-${from}` : `${from}-${to}`}`;
          });
          expect(new Set(sides).size).toBeGreaterThanOrEqual(splits.length - 1);
        },
      ),
    );
  });

  it('of a constant column tests missing values and values outside', () => {
    expect(splitsOf([800], true).map(({ kind }) => kind)).toEqual(['missing', 'outside']);
  });
});

describe('a baseline of version 1', () => {
  it('is counted in bins that hold the same rows as its own bins', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 400 })), {
          minLength: 1,
          maxLength: 300,
        }),
        (drawn) => {
          const values = Float64Array.from(drawn);
          const { columns } = baselineOfColumns([{ name: 'x', type: 'float', nullable: false }], [values]);
          const cells = cellsOfVersion1(columns.x);
          expect(counted(numberPlan({ name: 'x', ...cells }), values)).toEqual([0, 0, ...cells.counts, 0]);
          expect(cells.counts.length).toBeLessThanOrEqual(MAX_BINS);
        },
      ),
    );
  });

  it('has bins of at least 1/32 of the rows', () => {
    const values = Float64Array.from({ length: 10_000 }, (_, i) => Math.tan((Math.PI * (i - 4_999.5)) / 10_100));
    const { columns } = baselineOfColumns([{ name: 'x', type: 'float', nullable: false }], [values]);
    for (const count of cellsOfVersion1(columns.x).counts) expect(count).toBeGreaterThanOrEqual(10_000 / 32);
  });
});

describe('MonitorPlan', () => {
  const column = { missing: 0, mean: 1, standard_deviation: 1, quantiles: [0, 0, 0, 1, 1, 1, 1] };
  const version1: Baseline = {
    format_version: 1,
    rows: 4,
    columns: {
      x: { ...column, histogram: { edges: [0, 1], counts: [4] }, frequencies: { values: [0, 1], counts: [2, 2] } },
    },
  };
  const inputs = [{ name: 'x', type: 'integer' }];

  it('of a bundle without a baseline watches nothing and says so', () => {
    const plan = new MonitorPlan({ inputs, classes: [0, 1], baseline: null });
    expect([plan.columns, plan.length, plan.lacking]).toEqual([[], 0, ['baseline']]);
  });

  it('of version 1 says what it lacks, and does not test what cleaning removed', () => {
    const plan = new MonitorPlan({ inputs, classes: [0, 1], baseline: version1 });
    expect(plan.lacking).toEqual(['rows before cleaning', 'scores']);
    expect(plan.columns.map(({ name, untested }) => [name, untested])).toEqual([['x', ['missing', 'outside']]]);
  });

  it('of version 2 watches the score and the predicted class too', () => {
    const baseline: Baseline = {
      ...version1,
      format_version: 2,
      cells: { x: numberCells(Float64Array.of(0, 0, 1, 1, NaN)) },
      scores: {
        minimum: 0.1,
        uppers: [0.5, 0.9],
        bins: [
          { rows: 30, correct: 20, truth: [20, 10], predicted: [30, 0], hits: [20, 0] },
          { rows: 20, correct: 15, truth: [5, 15], predicted: [0, 20], hits: [0, 15] },
        ],
      },
    };
    const plan = new MonitorPlan({ inputs, classes: ['no', 'yes'], baseline });
    expect(plan.columns.map(({ name, role }) => [name, role])).toEqual([
      ['x', 'input'],
      ['score', 'score'],
      ['predicted class', 'class'],
    ]);
    expect(plan.lacking).toEqual([]);
    const counts = new Uint32Array(plan.length);
    plan.count({ columns: [[1, NaN, 7]], scores: [0.2, 0.7, 0.95], predicted: [0, 1, 1] }, 1, 2, counts);
    expect([...counts]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 2, 0]);
  });

  it('tests a date for missing values only', () => {
    const baseline: Baseline = {
      ...version1,
      format_version: 2,
      cells: { x: numberCells(Float64Array.of(1, 2, NaN)) },
    };
    const plan = new MonitorPlan({ inputs: [{ name: 'x', type: 'date' }], classes: [], baseline });
    expect(plan.columns[0].splits.map(({ kind }) => kind)).toEqual(['missing']);
    expect([...plan.columns[0].reference]).toEqual([1, 2, 0]);
    expect(counted(plan.columns[0], [1e15, NaN])).toEqual([1, 1, 0]);
  });
});
