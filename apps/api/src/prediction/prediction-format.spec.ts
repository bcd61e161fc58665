import fc from 'fast-check';
import { modelVersion, roundProbability } from './prediction-format.js';

describe('roundProbability', () => {
  it.each([
    [0, 0],
    [1, 1],
    [Math.fround(0.1), 0.1],
    [0.1234564, 0.123456],
    [0.1234566, 0.123457],
    [0.9999994, 0.999999],
    [0.9999996, 1],
    [0.0000004, 0],
    [0.0000006, 0.000001],
  ])('makes %d to %d', (probability, rounded) => {
    expect(roundProbability(probability)).toBe(rounded);
  });

  it('is written with 6 decimals at most, and off by half of the last one at most', () => {
    fc.assert(
      fc.property(fc.float({ min: 0, max: 1, noNaN: true }), (probability) => {
        const rounded = roundProbability(probability);
        expect(Number(rounded.toFixed(6))).toBe(rounded);
        expect(Math.abs(rounded - probability)).toBeLessThanOrEqual(0.5000001e-6);
      }),
    );
  });
});

describe('modelVersion', () => {
  it('names the model and the version', () => {
    expect(modelVersion({ name: 'churn', version: '12' })).toBe('churn:12');
  });
});
