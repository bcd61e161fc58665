import fc from 'fast-check';
import { LearnerError } from './learner.error.js';
import { stratifiedFolds, stratifiedSplit } from './stratified.js';

const labels = fc.array(fc.nat(3), { minLength: 4, maxLength: 80 });
const countOf = (label: number, rows: Int32Array, all: number[]) => rows.filter((row) => all[row] === label).length;
const everyRow = (all: number[]) => [...all.keys()];

describe('stratifiedFolds', () => {
  it('puts each row into one fold, each class and all rows evenly', () => {
    fc.assert(
      fc.property(labels, fc.integer({ min: 2, max: 4 }), fc.nat(), (all, k, seed) => {
        const folds = stratifiedFolds(all, k, seed);
        expect(folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual(everyRow(all));
        for (const label of [0, 1, 2, 3]) {
          const counts = folds.map(({ test }) => countOf(label, test, all));
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
        const sizes = folds.map(({ test }) => test.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const { train, test } of folds) {
          expect([...train, ...test].sort((a, b) => a - b)).toEqual(everyRow(all));
        }
      }),
    );
  });

  it.each([1, 2.5, 5])('refuses %d folds of 4 rows', (folds) => {
    expect(() => stratifiedFolds([0, 1, 0, 1], folds, 1)).toThrow(
      new LearnerError(`folds is ${folds}; it must be a whole number from 2 to the 4 rows`),
    );
  });
});

describe('stratifiedSplit', () => {
  it('keeps the share aside, within one row of it in every class', () => {
    fc.assert(
      fc.property(labels, fc.double({ min: 0.25, max: 0.75, noNaN: true }), fc.nat(), (all, share, seed) => {
        const { train, test } = stratifiedSplit(all, share, seed);
        expect(test).toHaveLength(Math.round(all.length * share));
        expect([...train, ...test].sort((a, b) => a - b)).toEqual(everyRow(all));
        for (const label of [0, 1, 2, 3]) {
          const due = (countOf(label, Int32Array.from(all.keys()), all) * test.length) / all.length;
          expect(Math.abs(countOf(label, test, all) - due)).toBeLessThan(1);
        }
      }),
    );
  });

  it('depends on the seed, and on nothing else', () => {
    const all = Array.from({ length: 100 }, (_, row) => row % 2);
    expect(stratifiedSplit(all, 0.2, 5)).toEqual(stratifiedSplit(all, 0.2, 5));
    expect(stratifiedSplit(all, 0.2, 5)).not.toEqual(stratifiedSplit(all, 0.2, 6));
    expect(stratifiedSplit(all, 0.2, 5)).not.toEqual(stratifiedSplit(all, 0.2, 5 + 2 ** 32));
  });

  it.each([0, 1, NaN, -0.5])('refuses the share %d', (share) => {
    expect(() => stratifiedSplit([0, 1, 0, 1], share, 1)).toThrow(LearnerError);
  });
});
