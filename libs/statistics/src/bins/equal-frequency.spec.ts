import fc from 'fast-check';
import { equalFrequencyBins, frequenciesOfSorted } from './equal-frequency.js';

const binsOf = (values: readonly number[], bins = 16) =>
  equalFrequencyBins(frequenciesOfSorted(Float64Array.from(values).sort()), bins);

it('cuts continuous values at their quantiles', () => {
  const { minimum, uppers, counts } = binsOf(Array.from({ length: 160 }, (_, i) => i));
  expect(minimum).toBe(0);
  expect(uppers).toEqual(Array.from({ length: 16 }, (_, i) => 10 * i + 9));
  expect(counts).toEqual(Array(16).fill(10));
});

it('gives each of few values a bin', () => {
  expect(binsOf([3, 1, 1, 7, 3, 3])).toEqual({ minimum: 1, uppers: [1, 3, 7], counts: [2, 3, 1] });
  expect(binsOf([5, 5])).toEqual({ minimum: 5, uppers: [5], counts: [2] });
});

it('gives a value that many rows have a bin of its own', () => {
  const { uppers, counts } = binsOf([
    ...Array<number>(100).fill(0),
    ...Array.from({ length: 100 }, (_, i) => i - 50.5),
  ]);
  const zero = uppers.indexOf(0);
  expect(counts[zero]).toBe(100);
  expect(uppers[zero - 1]).toBe(-0.5);
});

it('counts every row once, in at most so many bins whose ends are values', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.double({ noNaN: true })), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 16 }), (drawn, bins) => {
      const sorted = Float64Array.from(drawn).sort();
      const { minimum, uppers, counts } = binsOf(drawn, bins);
      expect(uppers.length).toBeLessThanOrEqual(bins);
      expect([minimum, uppers[uppers.length - 1]]).toEqual([sorted[0], sorted[sorted.length - 1]]);
      uppers.forEach((upper, i) => {
        const inside = sorted.filter((value) => value <= upper && (i === 0 || value > uppers[i - 1]));
        expect(counts[i]).toBe(inside.length);
        expect(inside.length).toBeGreaterThan(0);
      });
    }),
  );
});
