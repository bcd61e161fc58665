import { sliceClassifier, sliceRegression } from './slices.js';

const classes = ['no', 'yes'];

describe('slices', () => {
  const sample = {
    labels: Uint8Array.of(0, 1, 1, 0),
    probabilities: Float64Array.of(0.75, 0.25, 0.5, 0.5, 0.25, 0.75, 0.25, 0.75),
    classes,
  };

  it('are scored by themselves', () => {
    const [all, some] = sliceClassifier(sample, [
      [0, 1, 2, 3],
      [1, 2],
    ]);
    expect(all).toMatchObject({ rows: 4, accuracy: 0.5, said: 0.5625, observed: 0.5 });
    expect(some).toMatchObject({ rows: 2, accuracy: 0.5, said: 0.625, observed: 1 });
    expect(some.log_loss).toBeCloseTo((Math.log(2) - Math.log(0.75)) / 2, 12);
    expect(some.interval.low).toBeCloseTo(0.0945, 3);
    expect(some.interval.high).toBeCloseTo(0.9055, 3);
  });

  it('are decided by the threshold, where there is one', () =>
    expect(sliceClassifier({ ...sample, threshold: 0.5 }, [[1, 2]])[0].accuracy).toBe(1));

  it('have no positive class where there are several', () =>
    expect(
      sliceClassifier(
        { labels: Uint8Array.of(2), probabilities: Float64Array.of(0, 0.25, 0.75), classes: ['a', 'b', 'c'] },
        [[0]],
      )[0],
    ).toEqual({
      rows: 1,
      accuracy: 1,
      interval: expect.anything() as never,
      log_loss: expect.closeTo(-Math.log(0.75), 12) as never,
    }));

  it("have errors in units of a regression's target", () =>
    expect(
      sliceRegression({ targets: Float64Array.of(1, 2, 3), predictions: Float64Array.of(4, 6, 3) }, [[0, 1], [2]]),
    ).toEqual([
      { rows: 2, rmse: Math.sqrt(12.5), bias: 3.5 },
      { rows: 1, rmse: 0, bias: 0 },
    ]));
});
