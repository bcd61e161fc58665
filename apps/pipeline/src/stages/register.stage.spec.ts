import { gateReasons } from './register.stage.js';

describe('gateReasons', () => {
  const gate = { minimumAccuracy: 0.9, accuracyMargin: 0.05, minimums: {}, maximums: {} };
  const beside = (accuracy: number, champion: number, low: number, high: number) => ({
    accuracy,
    champion_accuracy: champion,
    accuracy_difference_low: low,
    accuracy_difference_high: high,
  });

  it('has nothing against a candidate that is good enough and, as far as its rows can tell, within the margin', () => {
    expect(gateReasons(gate, { accuracy: 0.9 }, null)).toEqual([]);
    expect(gateReasons(gate, beside(0.95, 0.96, -0.03, 0.01), '1')).toEqual([]);
    expect(gateReasons({ ...gate, accuracyMargin: 0 }, beside(0.95, 0.95, 0, 0), '1')).toEqual([]);
  });

  it('names every reason against one', () => {
    expect(gateReasons(gate, beside(0.89, 0.95, -0.08, -0.04), '1')).toEqual([
      'accuracy 0.89 is below gate.minimumAccuracy 0.9',
      "accuracy 0.89 may be below the champion's 0.95 by more than gate.accuracyMargin 0.05: the 95 % interval of the difference is -0.08 to -0.04",
    ]);
    expect(gateReasons(gate, {}, null)).toEqual(['accuracy 0 is below gate.minimumAccuracy 0.9']);
  });

  it('bounds any metric', () => {
    const bounds = { ...gate, minimums: { f1: 0.8, recal: 0.5 }, maximums: { log_loss: 0.3 } };
    expect(gateReasons(bounds, { accuracy: 0.995, f1: 0, log_loss: 0.31 }, null)).toEqual([
      'f1 0 is beyond gate.minimums 0.8',
      'gate.minimums asks for recal, which this evaluation does not have',
      'log_loss 0.31 is beyond gate.maximums 0.3',
    ]);
    expect(gateReasons(bounds, { accuracy: 0.995, f1: 0.8, recal: 0.5, log_loss: 0.3 }, null)).toEqual([]);
  });

  it('does not take few rows for proof: the same difference, but a wide interval', () => {
    expect(gateReasons(gate, beside(0.95, 0.96, -0.06, 0.04), '1')).toHaveLength(1);
  });

  it('does not take for proof that there is no comparison with the champion', () => {
    expect(gateReasons(gate, { accuracy: 0.95 }, '1')).toEqual([
      'champion 1 takes other columns or knows other classes, so that nothing proves the candidate no worse: keep it with --keep-challenger, then decide with "models promote"',
    ]);
  });
});
