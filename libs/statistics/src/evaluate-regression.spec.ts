import fc from 'fast-check';
import { RandomStream } from '#kit';
import {
  compareRegressions,
  evaluateRegression,
  type RegressionComparison,
  type RegressionEvaluation,
} from './index.js';

const ONCE = { seed: 1, resamples: 0 };

describe('evaluateRegression', () => {
  it('says what scikit-learn says', () => {
    // root_mean_squared_error, mean_absolute_error and r2_score of scikit-learn's example for r2_score.
    const targets = Float64Array.of(3, -0.5, 2, 7);
    const predictions = Float64Array.of(2.5, 0, 2, 8);
    const { metrics, notes } = evaluateRegression({ targets, predictions, ...ONCE });
    expect(metrics.rmse).toBeCloseTo(0.6123724356957945, 14);
    expect(metrics.mae).toBe(0.5);
    expect(metrics.r2).toBeCloseTo(0.9486081370449679, 14);
    expect(metrics.bias).toBe(0.25);
    expect(notes).toEqual([]);
  });

  it('does not lose a small variance of large targets', () => {
    const targets = Float64Array.of(1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3);
    const predictions = targets.map((target) => target + 0.5);
    expect(evaluateRegression({ targets, predictions, ...ONCE }).metrics).toEqual({
      rmse: 0.5,
      mae: 0.5,
      r2: expect.closeTo(1 - 1 / 5, 12),
      bias: 0.5,
    });
  });

  it('knows no R2 where all targets are the same, and says so', () => {
    const sample = { targets: Float64Array.of(2, 2), predictions: Float64Array.of(2, 3), ...ONCE };
    const { metrics, notes } = evaluateRegression(sample);
    expect(metrics).toEqual({ rmse: Math.sqrt(0.5), mae: 0.5, r2: null, bias: 0.5 });
    expect(notes).toEqual(['All 2 targets are 2: R2 is not defined.']);
  });

  it('has groups by rising prediction that hold every row once', () => {
    const value = fc.double({ min: -9, max: 9, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.oneof(value, fc.constantFrom(0, 1))), { minLength: 1 }), (rows) => {
        const targets = Float64Array.from(rows, ([target]) => target);
        const predictions = Float64Array.from(rows, ([, prediction]) => prediction);
        const evaluation: RegressionEvaluation = evaluateRegression({ targets, predictions, ...ONCE });
        const { calibration, error_quantiles: quantiles, residuals, metrics } = evaluation;
        expect(residuals.counts.reduce((sum, count) => sum + count, 0)).toBe(rows.length);
        expect(residuals.edges).toHaveLength(residuals.counts.length + 1);
        expect(calibration.reduce((sum, group) => sum + group.rows * group.rmse ** 2, 0) / rows.length).toBeCloseTo(
          metrics.rmse ** 2,
          8,
        );
        expect(calibration.reduce((sum, group) => sum + group.rows, 0)).toBe(rows.length);
        expect(calibration.reduce((sum, group) => sum + group.rows * group.target, 0)).toBeCloseTo(
          targets.reduce((sum, target) => sum + target, 0),
          8,
        );
        const means = calibration.map(({ prediction }) => prediction);
        expect(means).toEqual([...means].sort((a, b) => a - b));
        const errors = quantiles.map(({ error }) => error);
        expect(errors).toEqual([...errors].sort((a, b) => a - b));
      }),
    );
  });

  it('covers the truth with its intervals about as often as it says', () => {
    let covered = 0;
    for (let seed = 0; seed < 100; seed++) {
      const random = new RandomStream(seed, 1);
      const noise = (): number => random.uniform() + random.uniform() + random.uniform() - 1.5;
      const targets = Float64Array.from({ length: 200 }, noise);
      const predictions = targets.map((target) => target + noise());
      const { low, high } = evaluateRegression({ targets, predictions, seed, resamples: 200 }).intervals.rmse!;
      // The sum of three uniform numbers has a variance of a quarter.
      if (low <= 0.5 && 0.5 <= high) covered++;
    }
    expect(covered).toBeGreaterThan(85);
    expect(covered).toBeLessThan(100);
  });

  it.each([
    [[], [], 'There is no row to evaluate on'],
    [[1], [1, 2], '1 rows need as many predictions, not 2.'],
    [[1, NaN], [1, 2], 'Row 1 has the target NaN; it must be a finite number.'],
    [[1], [Infinity], 'Row 0 has the prediction Infinity'],
  ])('refuses targets %j and predictions %j', (targets, predictions, words) => {
    const sample = { targets: Float64Array.from(targets), predictions: Float64Array.from(predictions), ...ONCE };
    expect(() => evaluateRegression(sample)).toThrow(words);
  });
});

describe('compareRegressions', () => {
  const random = new RandomStream(3, 1);
  const targets = Float64Array.from({ length: 300 }, () => 100 * random.uniform());
  const champion = targets.map((target) => target + 10 * (random.uniform() - 0.5));

  it('sees a small difference that is on every row', () => {
    const candidate = champion.map((value, i) => targets[i] + 0.95 * (value - targets[i]));
    const { squared_error: squares, rmse } = compareRegressions({
      targets,
      candidate,
      champion,
      seed: 1,
      resamples: 300,
    });
    expect(squares.candidate / squares.champion).toBeCloseTo(0.9025, 12);
    expect(rmse.difference).toBeCloseTo(-0.05 * rmse.champion, 12);
    expect(squares.high).toBeLessThan(0);
    expect(squares.low).toBeLessThan(squares.high);
  });

  it('is silent on a model beside itself', () => {
    const same: RegressionComparison = compareRegressions({
      targets,
      candidate: champion,
      champion,
      seed: 1,
      resamples: 20,
    });
    expect(same.mae).toEqual({
      candidate: same.mae.champion,
      champion: same.mae.champion,
      difference: 0,
      low: 0,
      high: 0,
    });
  });
});
