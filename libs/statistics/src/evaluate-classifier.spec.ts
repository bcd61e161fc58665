import fc from 'fast-check';
import { InputError } from '#kit';
import { evaluateClassifier } from './evaluate-classifier.js';

const binary = (labels: number[], positive: number[], resamples = 0) =>
  evaluateClassifier({
    labels: Uint8Array.from(labels),
    probabilities: Float64Array.from(positive.flatMap((p) => [1 - p, p])),
    classes: ['no', 'yes'],
    seed: 7,
    resamples,
  });

const several = (labels: number[], probabilities: number[][], resamples = 0) =>
  evaluateClassifier({
    labels: Int32Array.from(labels),
    probabilities: Float64Array.from(probabilities.flat()),
    classes: [10, 20, 30],
    seed: 7,
    resamples,
  });

const expectClose = (metrics: object, expected: Record<string, number>): void => {
  for (const [name, value] of Object.entries(expected)) {
    expect([name, metrics[name as never]]).toEqual([name, expect.closeTo(value, 12)]);
  }
};

const TIED = [
  [0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0],
  [0.1, 0.4, 0.4, 0.8, 0.8, 0.8, 0.3, 0.9, 1.0, 0.0, 0.5, 0.6],
] as const;

const THREE: [number[], number[][]] = [
  [0, 1, 2, 0, 1, 2, 0, 1, 2, 2],
  [
    [0.7, 0.2, 0.1],
    [0.1, 0.6, 0.3],
    [0.2, 0.2, 0.6],
    [0.4, 0.4, 0.2],
    [0.5, 0.3, 0.2],
    [0.1, 0.5, 0.4],
    [1, 0, 0],
    [0.25, 0.5, 0.25],
    [0.3, 0.3, 0.4],
    [0.1, 0.1, 0.8],
  ],
];

describe('two classes', () => {
  const { metrics, ...evaluation } = binary([...TIED[0]], [...TIED[1]], 200);

  it('scores as scikit-learn 1.2.1 does, ties and all', () => {
    expectClose(metrics, {
      accuracy: 0.6666666666666666,
      precision: 0.6666666666666666,
      recall: 0.6666666666666666,
      f1: 0.6666666666666666,
      roc_auc: 0.8472222222222222,
      pr_auc: 0.8301587301587301,
      log_loss: 0.47163960486592926,
      brier: 0.16333333333333333,
      calibration_error: 0.18333333333333335,
    });
    expect(evaluation.confusion_matrix).toEqual([
      [4, 2],
      [2, 4],
    ]);
    expect(evaluation.per_class.map(({ class: label, support }) => [label, support])).toEqual([
      ['no', 6],
      ['yes', 6],
    ]);
  });

  it('tells what other thresholds would have come to', () => {
    const { thresholds } = evaluation;
    expect(thresholds!.map(({ threshold }) => threshold)).toEqual(Array.from({ length: 19 }, (_, i) => (i + 1) / 20));
    // Six rows have at least 0.6, four of them are positive.
    expect(thresholds![11]).toEqual({
      threshold: 0.6,
      accuracy: 8 / 12,
      precision: 4 / 6,
      recall: 4 / 6,
      f1: 8 / 12,
      predicted: 6,
    });
  });

  it('decides by a threshold of its own', () => {
    const { metrics: decided, ...rest } = evaluateClassifier({
      labels: Uint8Array.of(0, 1, 1),
      probabilities: Float64Array.of(0.8, 0.2, 0.7, 0.3, 0.4, 0.6),
      classes: ['no', 'yes'],
      threshold: 0.3,
      seed: 1,
      resamples: 0,
    });
    expect([decided.accuracy, decided.recall, rest.threshold]).toEqual([1, 1, 0.3]);
    expect(rest.confusion_matrix).toEqual([
      [1, 0],
      [0, 2],
    ]);
  });

  it('gives the reliability table of calibration_curve, empty bins included', () => {
    const { calibration } = evaluation;
    expect(calibration.map(({ count }) => count)).toEqual([2, 0, 1, 2, 1, 1, 0, 3, 1, 1]);
    const filled = calibration.filter(({ count }) => count > 0);
    [0, 0, 0.5, 1, 0, 2 / 3, 1, 1].forEach((share, i) => expect(filled[i].observed_share).toBeCloseTo(share, 12));
    [0.05, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9, 1].forEach((p, i) => expect(filled[i].mean_probability).toBeCloseTo(p, 12));
    expect(calibration[1]).toMatchObject({ mean_probability: null, observed_share: null });
  });

  it('gives intervals around the metrics, the same for the same seed', () => {
    for (const [name, interval] of Object.entries(evaluation.intervals)) {
      expect(interval!.low).toBeLessThan(metrics[name as 'f1']);
      expect(interval!.high).toBeGreaterThan(metrics[name as 'f1']);
    }
    expect(binary([...TIED[0]], [...TIED[1]], 200)).toEqual({ metrics, ...evaluation });
  });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
  });
});

describe('three classes', () => {
  const { metrics, ...evaluation } = several(...THREE);

  it('averages as scikit-learn does', () => {
    expectClose(metrics, {
      accuracy: 0.8,
      precision: 0.8055555555555555,
      recall: 0.8055555555555555,
      f1: 0.7936507936507936,
      precision_weighted: 0.825,
      recall_weighted: 0.8,
      f1_weighted: 0.8,
      roc_auc: 0.9365079365079364,
      pr_auc: 0.8796296296296297,
      log_loss: 0.624746192329327,
      brier: 0.35750000000000004,
      calibration_error: 0.30000000000000004,
    });
    expect(evaluation.confusion_matrix).toEqual([
      [3, 0, 0],
      [1, 2, 0],
      [0, 1, 3],
    ]);
    expectClose(evaluation.per_class[1], { precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3, predicted: 3 });
  });

  it('leaves a class that neither occurs nor is predicted out of the means, and says so', () => {
    const absent = several(
      [0, 1, 0, 1],
      [
        [0.8, 0.1, 0.1],
        [0.1, 0.8, 0.1],
        [0.2, 0.7, 0.1],
        [0.1, 0.9, 0],
      ],
    );
    expectClose(absent.metrics, { f1: 0.7333333333333334, log_loss: 0.5402713826800866 });
    expect(absent.metrics).toMatchObject({ roc_auc: null, pr_auc: null });
    expect(absent.notes).toEqual([
      'No row is of class 30: its recall counts as 0, and ROC AUC or PR AUC may be undefined.',
      'No row is predicted as class 30: its precision counts as 0.',
    ]);
  });
});

describe('edges', () => {
  it('counts 0 to 0 as 0 where nothing is predicted positive', () => {
    const { metrics, notes } = binary([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.2]);
    expectClose(metrics, {
      accuracy: 0.5,
      precision: 0,
      recall: 0,
      f1: 0,
      roc_auc: 0.875,
      log_loss: 0.7854786959330181,
    });
    expectClose(metrics, { pr_auc: 0.8333333333333333 });
    expect(notes).toEqual(['No row is predicted as class yes: its precision counts as 0.']);
  });

  it('scores perfection', () => {
    const perfect = { accuracy: 1, precision: 1, recall: 1, f1: 1, roc_auc: 1, pr_auc: 1, brier: 0 };
    expectClose(binary([0, 0, 1, 1], [0, 0, 1, 1]).metrics, { ...perfect, log_loss: 2.2204460492503136e-16 });
  });

  it('clips the loss of what was ruled out', () => {
    expect(binary([0, 1], [1, 0]).metrics.log_loss).toBeCloseTo(36.04365338911715, 10);
  });

  it('takes what float32 sums miss the range by', () => {
    const { metrics } = binary([0, 0, 1, 1], [-1e-7, 0.2, 0.7, 1 + 1e-7]);
    expectClose(metrics, { accuracy: 1, roc_auc: 1, pr_auc: 1 });
  });

  it('has no area and no curve where there is one class', () => {
    const { metrics, intervals, curves, notes } = binary([0, 0], [0.1, 0.9], 10);
    expect(metrics).toMatchObject({ accuracy: 0.5, roc_auc: null, pr_auc: null });
    expect(intervals.roc_auc).toBeNull();
    expect(curves).toEqual([{ class: 'yes', roc: null, precision_recall: null }]);
    expect(notes).toContain('10 of 10 resamples lack a class and have no say in the interval of ROC AUC.');
  });

  it.each([
    [[], [], 'There is no row to evaluate on: the test part is empty.'],
    [[0, 2], [0.5, 0.5], 'Row 1 has the class index 2; there are 2 classes.'],
    [[0, 1], [0.5], '2 rows of 2 classes need 4 probabilities, not 2.'],
    [[0, 1], [0.5, NaN], 'Row 1 has the probability NaN; it must be from 0 to 1.'],
    [[0, 1], [1.5, 0], 'Row 0 has the probability -0.5; it must be from 0 to 1.'],
  ])('refuses labels %j with probabilities %j', (labels, positive, message) => {
    expect(() => binary(labels, positive)).toThrow(new InputError(message));
  });
});

it('keeps every metric within its bounds', () => {
  const row = fc.record({ label: fc.integer({ min: 0, max: 1 }), p: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
      const { metrics, intervals } = binary(
        rows.map(({ label }) => label),
        rows.map(({ p }) => p),
        5,
      );
      const { log_loss, ...shares } = metrics;
      expect(log_loss).toBeGreaterThanOrEqual(0);
      for (const value of Object.values(shares)) {
        expect(value ?? 0).toBeGreaterThanOrEqual(0);
        expect(value ?? 0).toBeLessThanOrEqual(1 + 1e-12);
      }
      for (const interval of Object.values(intervals)) {
        if (interval) expect(interval.low).toBeLessThanOrEqual(interval.high);
      }
    }),
    { numRuns: 100 },
  );
});
