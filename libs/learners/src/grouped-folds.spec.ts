import fc from 'fast-check';
import { groupedFolds, timedFolds } from './grouped-folds.js';

const folds = fc.integer({ min: 2, max: 6 });

describe('groupedFolds', () => {
  it('has every row in one test part, and no group on both sides', () =>
    fc.assert(
      fc.property(folds, fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 60, maxLength: 200 }), (k, groups) => {
        fc.pre(new Set(groups).size >= k);
        const splits = groupedFolds(groups, k);
        expect(splits.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual(groups.map((_, row) => row));
        for (const { train, test } of splits) {
          expect(train.length + test.length).toBe(groups.length);
          const tested = new Set(Array.from(test, (row) => groups[row]));
          expect(Array.from(train, (row) => tested.has(groups[row]))).not.toContain(true);
        }
      }),
    ));

  it('deals out the largest groups first, as GroupKFold does', () =>
    expect(groupedFolds([0, 0, 0, 1, 1, 2, 2, 3], 2).map(({ test }) => [...test])).toEqual([
      [0, 1, 2, 7],
      [3, 4, 5, 6],
    ]));

  it('needs as many groups as folds', () =>
    expect(() => groupedFolds([1, 1, 2], 3)).toThrow(
      'folds is 3; it must be a whole number from 2 to the 2 groups of rows',
    ));
});

describe('timedFolds', () => {
  it('trains on what came before, and never on the moment of a test row', () =>
    fc.assert(
      fc.property(folds, fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 40, maxLength: 200 }), (k, days) => {
        fc.pre(new Set(days).size > 1);
        const times = Float64Array.from(days);
        for (const { train, test } of timedFolds(times, k)) {
          const latest = train.reduce((time, row) => Math.max(time, times[row]), -Infinity);
          expect(Array.from(test, (row) => times[row] > latest)).not.toContain(false);
        }
      }),
    ));

  it('is TimeSeriesSplit where no two rows are of one time', () =>
    expect(timedFolds(Float64Array.of(5, 0, 3, 1, 4, 2), 2)).toEqual([
      { train: Int32Array.of(1, 3), test: Int32Array.of(2, 5) },
      { train: Int32Array.of(1, 2, 3, 5), test: Int32Array.of(0, 4) },
    ]));

  it('takes rows without a time for the earliest', () =>
    expect(timedFolds(Float64Array.of(NaN, 7, NaN, 8), 2).map(({ train }) => [...train])).toEqual([[0, 2]]));

  it('refuses rows of one time', () =>
    expect(() => timedFolds(Float64Array.of(1, 1, 1), 2)).toThrow('of too few different times'));
});
