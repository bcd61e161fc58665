import { RandomStream } from '#kit';
import { logMeanExcess, meanInterval, type MeanSums } from './means.js';

const sumsOf = (values: readonly number[]): MeanSums => ({
  rows: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  squares: values.reduce((sum, value) => sum + value * value, 0),
});

describe('meanInterval', () => {
  it('is that of scipy.stats.t', () => {
    // t.interval(0.95, 4, 3, sem([1, 2, 3, 4, 5])) and t.interval(0.95, 19, 9.5, sem(range(20))).
    const few = meanInterval(sumsOf([1, 2, 3, 4, 5]))!;
    expect(few.low).toBeCloseTo(1.0368, 1);
    expect(few.high).toBeCloseTo(4.9632, 1);
    const more = meanInterval(sumsOf(Array.from({ length: 20 }, (_, n) => n)))!;
    expect(more.value).toBe(9.5);
    expect(more.low).toBeCloseTo(6.7311, 3);
    expect(more.high).toBeCloseTo(12.2689, 3);
  });

  it('is not there of one value, and a point of equal ones', () => {
    expect(meanInterval(sumsOf([7]))).toBeNull();
    expect(meanInterval(sumsOf([]))).toBeNull();
    expect(meanInterval(sumsOf([7, 7, 7]))).toEqual({ value: 7, low: 7, high: 7 });
  });
});

describe('logMeanExcess', () => {
  it('is the one-sided test of scipy.stats.ttest_1samp', () => {
    // ttest_1samp([1, 2, 3, 4, 5], 1, alternative="greater").pvalue
    expect(Math.exp(logMeanExcess(sumsOf([1, 2, 3, 4, 5]), 1))).toBeCloseTo(0.0237103, 6);
    expect(logMeanExcess(sumsOf([1, 2, 3, 4, 5]), 3)).toBe(0);
    expect(logMeanExcess(sumsOf([7]), 1)).toBe(0);
    expect(logMeanExcess(sumsOf([7, 7]), 1)).toBe(-Infinity);
  });

  it.each([
    ['exponential', (random: RandomStream) => -Math.log(1 - random.uniform()), 1],
    ['squares of those', (random: RandomStream) => Math.log(1 - random.uniform()) ** 2, 2],
  ])('keeps its level where sizes are %s', (_, draw, mean) => {
    const random = new RandomStream(18, 5);
    let found = 0;
    for (let n = 0; n < 4_000; n++) {
      if (logMeanExcess(sumsOf(Array.from({ length: 40 }, () => draw(random))), mean) <= Math.log(0.01)) found++;
    }
    expect(found / 4_000).toBeLessThanOrEqual(0.01);
  });
});
