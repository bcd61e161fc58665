import { type ClassScoreBin, classScoreTable, errorTable, type ScoreTable } from '#bundle';
import { DAY, RandomStream } from '#kit';
import { addErrors, estimatedError, isErrorRefuted, liveErrors } from './errors.js';
import { isAccuracyLow, isErrorHigh } from './quality-alarm.js';
import {
  type BinOutcome,
  calibrationOf,
  estimatedAccuracy,
  isMature,
  isRefuted,
  liveAccuracy,
  usualCoverage,
} from './outcomes.js';

interface Row {
  readonly score: number;
  readonly label: number;
}

/** Rows of an overconfident model: its scores are more extreme than the true probabilities. */
function draw(random: RandomStream, rows: number, shift = 0, flipped = 0): Row[] {
  return Array.from({ length: rows }, () => {
    const share = random.uniform();
    const normal = 1.5 * Math.log(share / (1 - share)) + shift;
    const chance = (slope: number): number => 1 / (1 + Math.exp(-slope * normal));
    const label = random.uniform() < chance(1) ? 1 : 0;
    return { score: Math.fround(chance(2)), label: random.uniform() < flipped ? 1 - label : label };
  });
}

const tableOf = (rows: readonly Row[]): ScoreTable<ClassScoreBin> =>
  classScoreTable({
    scores: rows.map(({ score }) => score),
    predicted: rows.map(({ score }) => (score > 0.5 ? 1 : 0)),
    labels: rows.map(({ label }) => label),
    classes: 2,
  });

const binOf = ({ uppers }: ScoreTable, score: number): number => {
  const bin = uppers.findIndex((upper) => score <= upper);
  return bin < 0 ? uppers.length - 1 : bin;
};

/** @param isLabelled whether a row has its label */
function outcomes(
  table: ScoreTable,
  rows: readonly Row[],
  isLabelled: (row: Row) => boolean = () => true,
): BinOutcome[] {
  const bins = table.uppers.map(() => ({ rows: 0, labels: 0, correct: 0 }));
  for (const row of rows) {
    const bin = bins[binOf(table, row.score)];
    bin.rows++;
    if (!isLabelled(row)) continue;
    bin.labels++;
    if (row.score > 0.5 === (row.label === 1)) bin.correct++;
  }
  return bins;
}

const accuracy = (rows: readonly Row[]): number =>
  rows.filter(({ score, label }) => score > 0.5 === (label === 1)).length / rows.length;

describe('liveAccuracy', () => {
  it('of all labels is their share, with Wilson’s interval, and the bounds meet', () => {
    const live = liveAccuracy([
      { rows: 60, labels: 60, correct: 50 },
      { rows: 40, labels: 40, correct: 31 },
    ]);
    expect(live).toMatchObject({ rows: 100, labels: 100, coverage: 1, unknown: 0, bounds: { low: 0.81, high: 0.81 } });
    expect(live.raw!.value).toBe(0.81);
    expect(live.raw!.low).toBeCloseTo(0.7222, 4);
    expect(live.weighted!.value).toBeCloseTo(0.81, 12);
  });

  it('is unbiased once weighted where some scores are labelled more often', () => {
    const random = new RandomStream(18, 1);
    let [raw, weighted, truth] = [0, 0, 0];
    for (let run = 0; run < 15; run++) {
      const table = tableOf(draw(random, 2_000));
      const rows = draw(random, 2_000, 0.7);
      const live = liveAccuracy(outcomes(table, rows, ({ score }) => score > 0.8 || random.uniform() < 0.1));
      raw += live.raw!.value / 15;
      weighted += live.weighted!.value / 15;
      truth += accuracy(rows) / 15;
      expect(live.bounds.low).toBeLessThanOrEqual(accuracy(rows));
      expect(live.bounds.high).toBeGreaterThanOrEqual(accuracy(rows));
    }
    expect(Math.abs(weighted - truth)).toBeLessThan(0.01);
    expect(Math.abs(raw - truth)).toBeGreaterThan(0.03);
  });

  it('without labels knows nothing', () => {
    const live = liveAccuracy([{ rows: 10, labels: 0, correct: 0 }]);
    expect(live).toMatchObject({ raw: null, weighted: null, unknown: 1, bounds: { low: 0, high: 1 } });
    expect(liveAccuracy([])).toMatchObject({ rows: 0, coverage: 0, raw: null });
  });
});

it.each([
  ['most of those that days before it have', 0.7, 0.83, true],
  ['fewer than those', 0.6, 0.83, false],
  ['most of its rows labelled, whatever days before it had', 0.8, null, true],
  ['few of its rows labelled, where nobody knows what is usual', 0.79, null, false],
  ['few of its rows labelled, after days without labels', 0.1, 0, false],
])('whether a day is mature with %s', (_what, coverage, usual, expected) => {
  expect(isMature(coverage, usual)).toBe(expected);
});

it('takes for usual what days reach once their labels have had two weeks', () => {
  const now = 40 * DAY + 1;
  const days = [
    { day: 9 * DAY, coverage: 0.9 },
    { day: 20 * DAY, coverage: 0.4 },
    { day: 24 * DAY, coverage: 0.5 },
    { day: 26 * DAY, coverage: 0.6 },
    ...Array.from({ length: 13 }, (_, n) => ({ day: (27 + n) * DAY, coverage: 0.1 })),
  ];
  expect(usualCoverage(days, now)).toBe(0.5);
  expect(usualCoverage(days.slice(-13), now)).toBeNull();
});

describe('the accuracy without labels', () => {
  /** How often the 95 % interval contains the true accuracy of the rows. */
  function coverage(shift: number, flipped: number): number {
    const random = new RandomStream(18, 2 + shift);
    let held = 0;
    for (let run = 0; run < 40; run++) {
      const table = tableOf(draw(random, 2_000));
      const rows = draw(random, 2_000, shift, flipped);
      const estimate = estimatedAccuracy(
        table,
        outcomes(table, rows).map((bin) => bin.rows),
      )!;
      if (estimate.low <= accuracy(rows) && accuracy(rows) <= estimate.high) held++;
    }
    return held / 40;
  }

  it.each([0, 1, -2])('is right in 95 of 100 cases where rows move by %d', (shift) => {
    expect(coverage(shift, 0)).toBeGreaterThanOrEqual(0.88);
  });

  it('cannot see that the world has changed, until labels refute it', () => {
    expect(coverage(0, 0.15)).toBeLessThan(0.1);
    const random = new RandomStream(18, 9);
    const table = tableOf(draw(random, 2_000));
    expect(isRefuted(table, outcomes(table, draw(random, 1_000, 0, 0.15)))).toBe(true);
    expect(isRefuted(table, outcomes(table, draw(random, 1_000)))).toBe(false);
    expect(isRefuted(table, outcomes(table, draw(random, 50, 0, 0.5)))).toBe(false);
  });

  it('is null where too many rows are in bins of few table rows', () => {
    const bin = { correct: 8, truth: [2, 8], predicted: [0, 10], hits: [0, 8] };
    const table = {
      minimum: 0,
      uppers: [0.5, 1],
      bins: [
        { ...bin, rows: 10 },
        { ...bin, rows: 100 },
      ],
    };
    expect(estimatedAccuracy(table, [20, 80])).toBeNull();
    expect(estimatedAccuracy(table, [5, 95])).not.toBeNull();
    expect(estimatedAccuracy(table, [0, 0])).toBeNull();
  });
});

it('calibration compares the observed shares with those of training', () => {
  const bin = { rows: 100, correct: 80, truth: [20, 80], predicted: [0, 100], hits: [0, 80] };
  const [found, none] = calibrationOf({ minimum: 0, uppers: [0.5, 1], bins: [bin, bin] }, 1, [
    { count: 60, rows: 100 },
    { count: 0, rows: 0 },
  ]);
  expect(found).toMatchObject({ rows: 100, expected: 0.8, observed: { value: 0.6 } });
  expect(found!.difference.high).toBeLessThan(0);
  expect(none).toBeNull();
});

describe('the accuracy alarm', () => {
  const floor = 0.88;

  it('is rare at the floor: 0.1 in 30 days at most', () => {
    const random = new RandomStream(18, 20);
    let alarms = 0;
    for (let day = 0; day < 30 * 100; day++) {
      let correct = 0;
      for (let row = 0; row < 200; row++) if (random.uniform() < 0.88) correct++;
      if (isAccuracyLow(floor, { labels: 200, correct }, '1d')) alarms++;
    }
    expect(alarms / 100).toBeLessThanOrEqual(0.1 / 3 + 0.03);
  });

  it('detects 0.84 instead of 0.9 within a week of 200 labels a day', () => {
    expect(isAccuracyLow(floor, { labels: 1_400, correct: 1_176 }, '7d')).toBe(true);
    expect(isAccuracyLow(floor, { labels: 1_400, correct: 1_232 }, '7d')).toBe(false);
    expect(isAccuracyLow(floor, { labels: 0, correct: 0 }, '28d')).toBe(false);
  });
});

describe('quality of predicted numbers', () => {
  /** Errors of a normal distribution whose spread grows with the prediction. */
  const drawn = (random: RandomStream, rows: number, bias = 0): { said: number; error: number }[] =>
    Array.from({ length: rows }, () => {
      const said = 10 * random.uniform();
      const normal = Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
      return { said, error: bias + normal * (1 + said / 10) };
    });
  const sumsOf = (errors: readonly number[]) => ({
    rows: errors.length,
    labels: errors.length,
    sum: errors.reduce((sum, error) => sum + error, 0),
    absolute: errors.reduce((sum, error) => sum + Math.abs(error), 0),
    squares: errors.reduce((sum, error) => sum + error ** 2, 0),
    fourths: errors.reduce((sum, error) => sum + error ** 4, 0),
  });
  const tableOf = (rows: readonly { said: number; error: number }[]) =>
    errorTable(
      rows.map(({ said }) => said),
      rows.map(({ said, error }) => said - error),
    );

  it('has mean absolute error, root mean squared error and bias, each in its interval', () => {
    const live = liveErrors(addErrors([sumsOf([1, -2, 3]), sumsOf([0, 4]), sumsOf([])]))!;
    expect([live.mae.value, live.rmse.value, live.bias.value]).toEqual([2, Math.sqrt(6), 1.2]);
    // scipy.stats.t.interval(0.95, 4, mean, sem) of |e| and e.
    expect([live.mae.low, live.mae.high]).toEqual([expect.closeTo(0.0368, 1), expect.closeTo(3.9632, 1)]);
    expect([live.bias.low, live.bias.high]).toEqual([expect.closeTo(-1.765, 1), expect.closeTo(4.165, 1)]);
    expect(live.rmse.low).toBeLessThan(live.rmse.value);
    expect(live.rmse.high).toBeGreaterThan(live.rmse.value);
    expect([liveErrors(sumsOf([5])), liveErrors(sumsOf([]))]).toEqual([null, null]);
  });

  it('holds the true values in 92 to 98 of 100 intervals of 200 labels', () => {
    const random = new RandomStream(18, 30);
    const truth = liveErrors(sumsOf(drawn(new RandomStream(18, 31), 100_000, 0.3).map(({ error }) => error)))!;
    const held = { mae: 0, rmse: 0, bias: 0 };
    const times = 400;
    for (let n = 0; n < times; n++) {
      const live = liveErrors(sumsOf(drawn(random, 200, 0.3).map(({ error }) => error)))!;
      for (const name of ['mae', 'rmse', 'bias'] as const) {
        const { value } = truth[name];
        if (live[name].low <= value && value <= live[name].high) held[name]++;
      }
    }
    for (const count of Object.values(held)) {
      expect(count / times).toBeGreaterThanOrEqual(0.92);
      expect(count / times).toBeLessThanOrEqual(0.98);
    }
  });

  it('is estimated without labels, and refuted by labels that say otherwise, not by those of large predictions alone', () => {
    const random = new RandomStream(18, 32);
    const table = tableOf(drawn(random, 2_000));
    const byBin = (rows: readonly { said: number; error: number }[]) =>
      table.uppers.map((upper, bin) => {
        const isIn = ({ said }: { said: number }): boolean =>
          (bin === 0 || said > table.uppers[bin - 1]) && (said <= upper || bin === table.uppers.length - 1);
        return sumsOf(rows.filter(isIn).map(({ error }) => error));
      });
    const rows = drawn(random, 1_000);
    const estimate = estimatedError(
      table,
      byBin(rows).map(({ rows: count }) => count),
    )!;
    expect(estimate.low).toBeLessThan(liveErrors(addErrors(byBin(rows)))!.mae.high);
    expect(estimate.high).toBeGreaterThan(liveErrors(addErrors(byBin(rows)))!.mae.low);
    expect(isErrorRefuted(table, byBin(rows))).toBe(false);
    expect(isErrorRefuted(table, byBin(rows.filter(({ said }) => said > 7)))).toBe(false);
    expect(isErrorRefuted(table, byBin(drawn(random, 1_000, 1)))).toBe(true);
    expect(isErrorRefuted(table, byBin(drawn(random, 60, 1)))).toBe(false);
    expect(
      estimatedError(
        table,
        table.bins.map(() => 0),
      ),
    ).toBeNull();
  });

  it('alarms rarely at the ceiling: 0.1 in 30 days at most; soon for errors that are a third larger', () => {
    const random = new RandomStream(18, 33);
    const ceiling = 1.5 * Math.sqrt(2 / Math.PI);
    let alarms = 0;
    for (let day = 0; day < 30 * 100; day++) {
      if (isErrorHigh(ceiling, sumsOf(drawn(random, 100).map(({ error }) => error)), '1d')) alarms++;
    }
    expect(alarms / 100).toBeLessThanOrEqual(0.1 / 3 + 0.03);
    const larger = sumsOf(drawn(random, 700).map(({ error }) => error * 1.33));
    expect(isErrorHigh(ceiling, larger, '7d')).toBe(true);
    // A few errors that are all equal prove nothing.
    expect(isErrorHigh(1, sumsOf(Array<number>(29).fill(9)), '1d')).toBe(false);
    expect(isErrorHigh(1, sumsOf(Array<number>(30).fill(9)), '1d')).toBe(true);
  });
});
