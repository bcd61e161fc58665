import { percentileInterval } from './percentile-interval.js';
import { RandomStream } from '#kit';
import { resampleWeights } from './resamples.js';

const drawn = (rows: number, seed: number, resamples: number) =>
  Array.from(resampleWeights(rows, { seed, resamples }), (weights) => [...weights]);

describe('resampleWeights', () => {
  it('draws as many rows as there are, again and again', () => {
    const resamples = drawn(50, 1, 20);
    expect(resamples).toHaveLength(20);
    for (const weights of resamples) expect(weights.reduce((sum, weight) => sum + weight)).toBe(50);
    expect(new Set(resamples.map(String)).size).toBe(20);
  });

  it('depends on the seed and nothing else', () => {
    expect(drawn(50, 1, 3)).toEqual(drawn(50, 1, 3));
    expect(drawn(50, 1, 3)).not.toEqual(drawn(50, 2, 3));
    expect(drawn(50, 1, 3)).not.toEqual(drawn(50, 1 + 2 ** 32, 3));
  });

  it('favours no row', () => {
    const sums = drawn(10, 3, 10_000).reduce((total, weights) => total.map((sum, i) => sum + weights[i]));
    // Standard deviation: 95.
    for (const sum of sums) expect(Math.abs(sum - 10_000)).toBeLessThan(400);
  });
});

describe('percentileInterval', () => {
  it('interpolates as numpy does', () => {
    const { low, high } = percentileInterval([3, 1, 4, null, 1, 5, 9, 2, 6])!;
    expect(low).toBe(1);
    expect(high).toBeCloseTo(8.475, 12);
  });

  it('is null without a value', () => expect(percentileInterval([null, null])).toBeNull());
});

it('shuffles: all that was there still is, elsewhere', () => {
  const items = Float64Array.from({ length: 100 }, (_, i) => i);
  const shuffled = items.slice();
  new RandomStream(5, 0).shuffle(shuffled);
  expect(shuffled).not.toEqual(items);
  expect(shuffled.sort()).toEqual(items);
});
