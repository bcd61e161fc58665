import type { RawSchema } from '#schema';
import { InputError } from '#kit';
import { baselineOf } from './describe-columns.js';

const SCHEMA: RawSchema = [{ name: 'x', type: 'float', nullable: true }];
const baselineOfX = (...values: (number | null)[]) =>
  baselineOf(
    SCHEMA,
    values.map((x) => ({ x })),
  ).columns.x;

describe('baselineOf', () => {
  it('describes a column: moments, quantiles between order statistics, a histogram of 20 bins', () => {
    const twentyOne = Array.from({ length: 21 }, (_, i) => 20 - i);
    expect(baselineOfX(...twentyOne)).toEqual({
      missing: 0,
      mean: 10,
      standard_deviation: Math.sqrt(770 / 21),
      quantiles: [0, 1, 5, 10, 15, 19, 20],
      histogram: { edges: Array.from({ length: 21 }, (_, i) => i), counts: [...Array<number>(19).fill(1), 2] },
      frequencies: { values: Array.from({ length: 21 }, (_, i) => i), counts: Array<number>(21).fill(1) },
    });
  });

  it('names every value of a column of 32 or fewer', () => {
    const upTo = (most: number) => Array.from({ length: 100 }, (_, i) => i % most);
    expect(baselineOfX(...upTo(3), null).frequencies).toEqual({ values: [0, 1, 2], counts: [34, 33, 33] });
    expect(baselineOfX(...upTo(32)).frequencies?.values).toHaveLength(32);
    expect(baselineOfX(...upTo(33))).not.toHaveProperty('frequencies');
  });

  it('interpolates quantiles', () => {
    const quantiles = [10, 10.5, 12.5, 15, 17.5, 19.5, 20];
    baselineOfX(20, 10).quantiles.forEach((value, i) => expect(value).toBeCloseTo(quantiles[i], 12));
  });

  it('counts what is missing and leaves it out of the rest', () => {
    expect(baselineOfX(null, 2, null, 4)).toMatchObject({ missing: 2, mean: 3, standard_deviation: 1 });
  });

  it('gives a constant column bins of width 1', () => {
    const { standard_deviation, quantiles, histogram } = baselineOfX(5, 5, 5);
    expect(standard_deviation).toBe(0);
    expect(quantiles).toEqual(Array(7).fill(5));
    expect(histogram.edges).toEqual(Array.from({ length: 21 }, (_, i) => 5 + i));
    expect(histogram.counts).toEqual([3, ...Array<number>(19).fill(0)]);
  });

  it('describes the columns of the schema and no others, and tells how many rows there were', () => {
    const baseline = baselineOf(SCHEMA, [{ x: 1, y: 2 }, { y: 3 }]);
    expect([baseline.rows, Object.keys(baseline.columns), baseline.columns.x.missing]).toEqual([2, ['x'], 1]);
  });

  it('refuses a column without a value', () => {
    expect(() => baselineOfX(null, null)).toThrow(new InputError('The data has no value in the column "x".'));
  });
});
