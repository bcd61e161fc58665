import { designEffect, type Dispersion, logClusterTest } from './dispersion.js';

const DISPERSION: Dispersion = {
  degrees: 40,
  squares: 90,
  fourths: 300,
  sizesWithin: 3_600,
  sizes: 4_000,
  expected: 30,
};
const window = { count: 260, rows: 500 };
const reference = { count: 4_000, rows: 10_000 };

describe('logClusterTest', () => {
  it('is the two-sided t of the difference, its variance from the blocks', () => {
    // Variance: 90 / 3600 * 4000 / 500^2 + 0.24 / 10000 = 4.24e-4; degrees: 90^2 / 300 = 27; t = 0.12 / 0.02059.
    // 2 * scipy.stats.t.sf(0.12 / sqrt(4.24e-4), 27)
    expect(Math.exp(logClusterTest(window, reference, DISPERSION)!)).toBeCloseTo(3.335239370657715e-6, 15);
  });

  it('cannot tell with fewer than nine degrees of freedom', () => {
    expect(logClusterTest(window, reference, { ...DISPERSION, degrees: 8 })).toBeNull();
    expect(logClusterTest(window, reference, { ...DISPERSION, degrees: 9 })).not.toBeNull();
    expect(logClusterTest({ count: 0, rows: 0 }, reference, DISPERSION)).toBeNull();
  });

  it('takes one large block for one, whatever stands beside it', () => {
    const oneLarge = { ...DISPERSION, fourths: 90 ** 2 };
    expect(logClusterTest(window, reference, oneLarge)!).toBeGreaterThan(-3.5);
  });

  it('counts blocks that are alone in their hour', () => {
    const more = { ...DISPERSION, sizes: 8_000 };
    expect(logClusterTest(window, reference, more)!).toBeGreaterThan(logClusterTest(window, reference, DISPERSION)!);
  });

  it('is 1 without a difference, also where no block differs from another', () => {
    const still = { ...DISPERSION, squares: 0, fourths: 0 };
    expect(logClusterTest({ count: 200, rows: 500 }, reference, still)).toBe(0);
    expect(logClusterTest(window, reference, still)!).toBeLessThan(-50);
  });

  it('does not take blocks for alike because what is rare was not in them', () => {
    const rare = { count: 100, rows: 10_000 };
    // 20 blocks of 50 rows; an event with probability 1 % occurs in two rows, then in none.
    const blocks = { degrees: 19, sizesWithin: 47_500, sizes: 50_000, expected: 2 };
    const few = { ...blocks, squares: 3.6, fourths: 6.6 };
    const none = { ...blocks, squares: 0, fourths: 0 };
    expect(Math.exp(logClusterTest({ count: 2, rows: 1_000 }, rare, few)!)).toBeGreaterThan(0.01);
    expect(Math.exp(logClusterTest({ count: 0, rows: 1_000 }, rare, none)!)).toBeGreaterThan(0.01);
  });
});

it('designEffect is the variance over that of independent rows, or unknown', () => {
  expect(designEffect(DISPERSION)).toBe(3);
  expect(designEffect({ ...DISPERSION, degrees: 8 })).toBeNull();
  expect(designEffect({ ...DISPERSION, expected: 0 })).toBeNull();
});
