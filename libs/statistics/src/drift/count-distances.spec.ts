import { binnedKolmogorovSmirnov, binnedWasserstein, totalVariation } from './count-distances.js';

const counts = { expected: [10, 10, 20], actual: [10, 30, 40] };

it('the Kolmogorov-Smirnov distance is the largest difference of cumulative shares', () => {
  expect(binnedKolmogorovSmirnov(counts)).toBeCloseTo(0.125, 12);
  expect(binnedKolmogorovSmirnov({ expected: [5], actual: [9] })).toBe(0);
});

it('the total variation is the share of rows that moved', () => {
  expect(totalVariation(counts)).toBeCloseTo(0.125, 12);
  expect(totalVariation({ expected: [1, 0], actual: [0, 7] })).toBe(1);
  expect(totalVariation({ expected: [1, 3], actual: [0, 0] })).toBe(0.5);
});

it('the Wasserstein distance is what a shift is, in the unit of the values', () => {
  // All rows of a bin of width 2 move to the next one: each by 2.
  expect(binnedWasserstein({ expected: [8, 0], actual: [0, 3] }, [0, 2, 4])).toBeCloseTo(2, 12);
  // From uniform over [0, 2] to half at each end: the cumulative shares cross in the middle of a bin of width 1.
  expect(binnedWasserstein({ expected: [0, 4, 0], actual: [2, 0, 2] }, [0, 1, 2, 3])).toBeCloseTo(0.75, 12);
});
