import { distanceByChance, kolmogorovSmirnov, nearest, populationStability, stabilityByChance } from '#statistics';

const rows = { expected: 1_000, actual: 1_000 };

describe('populationStability', () => {
  it('is 0 for equal shares', () => {
    expect(populationStability([0.5, 0.5, 0], [0.5, 0.5, 0], rows)).toBe(0);
  });

  it('is the sum of (a - e) ln(a / e)', () => {
    expect(populationStability([0.5, 0.5], [0.25, 0.75], rows)).toBeCloseTo(
      0.25 * Math.log(2) + 0.25 * Math.log(1.5),
      12,
    );
  });

  it('takes an empty bin for half a row', () => {
    expect(populationStability([1, 0], [0.9, 0.1], rows)).toBeCloseTo(
      -0.1 * Math.log(0.9) + 0.0995 * Math.log(0.1 / 0.0005),
      12,
    );
  });

  it('knows how large it gets by chance: chi-square(6) is 22.46 at 99.9 %', () => {
    expect(stabilityByChance(7, rows) / 0.002).toBeCloseTo(22.46, 0);
  });
});

describe('kolmogorovSmirnov', () => {
  it('is the largest difference', () => {
    const point = (expected: number, share: number) => ({ expected, actual: { below: share, upTo: share } });
    expect(kolmogorovSmirnov([point(0.1, 0.2), point(0.5, 0.2), point(0.9, 0.8)])).toBeCloseTo(0.3, 12);
  });

  it('grants a jump every share that it passes', () => {
    const jump = { below: 0.3, upTo: 0.6 };
    expect([0.2, 0.4, 0.9].map((expected) => nearest({ expected, actual: jump }))).toEqual([0.3, 0.4, 0.6]);
  });

  it('knows how large it gets by chance: 1.949 sqrt(1/n + 1/m) at 0.1 %', () => {
    expect(distanceByChance(rows) / Math.sqrt(0.002)).toBeCloseTo(1.9495, 4);
  });
});
