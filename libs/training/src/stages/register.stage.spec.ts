import type { ClassifierReport } from '../evaluate/evaluation-report.js';
import { boundReasons, unproven } from './register.stage.js';

const gate = {
  minimumAccuracy: 0.9,
  accuracyMargin: 0.05,
  logLossMargin: 0.02,
  squaredErrorMargin: 0.05,
  better_than_trivial: true,
  minimums: {},
  maximums: {},
};

describe('boundReasons', () => {
  it('has nothing against a candidate within the bounds', () => {
    expect(boundReasons(gate, { accuracy: 0.9 })).toEqual([]);
    const bounds = { ...gate, minimums: { f1: 0.8 }, maximums: { log_loss: 0.3 } };
    expect(boundReasons(bounds, { accuracy: 0.995, f1: 0.8, log_loss: 0.3 })).toEqual([]);
  });

  it('names every bound that is broken, by its key', () => {
    expect(boundReasons(gate, { accuracy: 0.89 })).toEqual(['accuracy 0.89 is below gate.minimumAccuracy 0.9']);
    expect(boundReasons(gate, {})).toEqual(['accuracy 0 is below gate.minimumAccuracy 0.9']);
    const bounds = { ...gate, minimums: { f1: 0.8, recal: 0.5 }, maximums: { log_loss: 0.3 } };
    expect(boundReasons(bounds, { accuracy: 0.995, f1: 0, log_loss: 0.31 })).toEqual([
      'f1 0 is below gate.minimums.f1 0.8',
      'gate.minimums.recal names a metric that this evaluation does not have; it has accuracy, f1, log_loss',
      'log_loss 0.31 is above gate.maximums.log_loss 0.3',
    ]);
  });
});

describe('unproven', () => {
  const trivial = { log_loss: 0.65, difference: -0.5, low: -0.6, high: -0.4 };
  const difference = (candidate: number, champion: number, low: number, high: number) => ({
    candidate,
    champion,
    difference: candidate - champion,
    low,
    high,
  });
  const accuracy = difference(0.95, 0.96, -0.03, 0.01);
  const log_loss = difference(0.05, 0.05, -0.01, 0.01);
  const report = (
    changes: object = {},
    champion: string | null = '1',
    tested: object | null = { seen: 3, unknown: null },
  ) =>
    ({
      subject: { model: '', pipeline: '', champion },
      trivial,
      tested,
      comparison: { rows: 200, accuracy, log_loss, roc_auc: null, mcnemar: {}, ...changes },
    }) as unknown as Pick<ClassifierReport, 'subject' | 'trivial' | 'comparison' | 'tested'>;

  it('asks no more than to be better than the shares of the classes where there is no champion', () => {
    expect(unproven(gate, report({}, null))).toEqual([]);
    const flat = { ...report({}, null), trivial: { ...trivial, high: 0 } };
    expect(unproven(gate, flat)).toEqual([
      'its log loss is not proven lower than the 0.65 of always predicting the class shares, as gate.better_than_trivial requires: the 95 % interval of the difference is -0.6 to 0',
    ]);
    expect(unproven({ ...gate, better_than_trivial: false }, flat)).toEqual([]);
  });

  it('takes a candidate that is, as far as its rows can tell, within the margins', () => {
    expect(unproven(gate, report())).toEqual([]);
    const same = { accuracy: difference(0.9, 0.9, 0, 0), log_loss: difference(0.1, 0.1, 0, 0) };
    expect(unproven({ ...gate, accuracyMargin: 0, logLossMargin: 0 }, report(same))).toEqual([]);
  });

  it('looks at the log loss as well as at the accuracy, and takes few rows for no proof', () => {
    expect(unproven(gate, report({ accuracy: difference(0.95, 0.96, -0.06, 0.04) }))).toEqual([
      "accuracy 0.95 may be below the champion's 0.96 by more than gate.accuracyMargin 0.05: the 95 % interval of the difference is -0.06 to 0.04",
    ]);
    expect(unproven(gate, report({ log_loss: difference(0.051, 0.024, 0.01, 0.04) }))).toEqual([
      "log loss 0.051 may be above the champion's 0.024 by more than gate.logLossMargin 0.02: the 95 % interval of the difference is 0.01 to 0.04",
    ]);
  });

  it('takes rows that the champion may have seen for no proof', () => {
    expect(unproven(gate, report({}, '1', { seen: null, unknown: 'it does not say' }))).toEqual([
      'it cannot be known which rows champion 1 was trained on, so the comparison proves nothing',
    ]);
  });

  it('does not take for proof that there is no comparison with the champion', () => {
    const none = { ...report(), comparison: null };
    expect(unproven(gate, none)).toEqual([
      'champion 1 has seen all test rows, so nothing proves that the candidate is no worse',
    ]);
    expect(unproven(gate, { ...none, tested: null })).toEqual([
      'champion 1 takes other columns or knows other classes, so nothing proves that the candidate is no worse',
    ]);
  });
});
