import { RandomStream } from '#kit';
import { rankByClass } from '../metrics/ranking.js';
import { classCurves } from './class-curves.js';
import { type Curve, thinCurve } from './thin-curve.js';

const curvesOf = (labels: number[], scores: number[]) =>
  classCurves(
    'yes',
    rankByClass(
      {
        labels: Uint8Array.from(labels),
        probabilities: Float64Array.from(scores.flatMap((score) => [1 - score, score])),
        classes: ['no', 'yes'],
      },
      1,
    ),
  );

const expectCurve = (curve: Curve | null, x: number[], y: number[]): void => {
  expect(curve).toHaveLength(x.length);
  curve!.forEach((point, i) => {
    expect(point[0]).toBeCloseTo(x[i], 12);
    expect(point[1]).toBeCloseTo(y[i], 12);
  });
};

describe('classCurves', () => {
  const { roc, precision_recall } = curvesOf(
    [0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0],
    [0.1, 0.4, 0.4, 0.8, 0.8, 0.8, 0.3, 0.9, 1.0, 0.0, 0.5, 0.6],
  );

  it('draws the curve of roc_curve, without points on straight lines', () => {
    expectCurve(roc, [0, 0, 1 / 6, 1 / 3, 1 / 3, 1 / 2, 1], [0, 1 / 3, 2 / 3, 2 / 3, 5 / 6, 1, 1]);
  });

  it('draws the curve of precision_recall_curve', () => {
    const recall = [0, 2 / 6, 4 / 6, 4 / 6, 5 / 6, 1, 1];
    expectCurve(precision_recall, recall, [1, 1, 4 / 5, 4 / 6, 5 / 7, 6 / 9, 1 / 2]);
  });
});

describe('thinCurve', () => {
  /** The largest vertical distance between a curve of ascending x and its points. */
  const gap = (thin: Curve, x: Float64Array, y: Float64Array): number => {
    let [worst, at] = [0, 0];
    for (let i = 0; i < x.length; i++) {
      while (at < thin.length - 2 && thin[at + 1][0] < x[i]) at++;
      const [[x0, y0], [x1, y1]] = [thin[at], thin[at + 1]];
      worst = Math.max(worst, Math.abs(y[i] - (y0 + ((x[i] - x0) / (x1 - x0)) * (y1 - y0))));
    }
    return worst;
  };

  it('keeps the shape of a long curve in 500 points', () => {
    const random = new RandomStream(1, 0);
    const x = Float64Array.from({ length: 20_001 }, (_, i) => i / 20_000);
    const y = x.map((value) => value ** 2 + random.below(1_000) * 1e-6);
    const thin = thinCurve(x, y);
    expect(thin).toHaveLength(500);
    expect([thin[0], thin[499]]).toEqual([
      [x[0], y[0]],
      [x[20_000], y[20_000]],
    ]);
    expect(gap(thin, x, y)).toBeLessThan(0.003);
  });

  it('keeps the ends of a straight line', () => {
    const line = Float64Array.from({ length: 100 }, (_, i) => i / 99);
    expect(thinCurve(line, line)).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });
});
