import { gateReasons } from './register.stage.js';

describe('gateReasons', () => {
  const gate = { minimumAccuracy: 0.9, accuracyMargin: 0.02 };

  it('has nothing against a candidate that is good enough and no worse than the margin', () => {
    expect(gateReasons(gate, { accuracy: 0.9 })).toEqual([]);
    expect(gateReasons(gate, { accuracy: 0.95, champion_accuracy: 0.96 })).toEqual([]);
    expect(gateReasons(gate, { accuracy: 0.95, champion_accuracy: null })).toEqual([]);
  });

  it('names every reason against one', () => {
    expect(gateReasons(gate, { accuracy: 0.89, champion_accuracy: 0.95 })).toEqual([
      'accuracy 0.89 is below gate.minimumAccuracy 0.9',
      "accuracy 0.89 is below the champion's 0.95 by more than gate.accuracyMargin 0.02",
    ]);
    expect(gateReasons(gate, {})).toEqual(['accuracy 0 is below gate.minimumAccuracy 0.9']);
  });
});
