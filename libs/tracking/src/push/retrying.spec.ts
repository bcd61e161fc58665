import { MlflowError } from '../mlflow/mlflow.error.js';
import { pauseBefore } from './retrying.js';

describe('pauseBefore', () => {
  const error = new MlflowError('no answer');

  it.each([
    [0, 0, 50],
    [0, 1, 100],
    [3, 1, 800],
    [30, 1, 10_000],
  ])('doubles before each retry, with jitter, up to a bound (%d)', (retry, random, pause) => {
    expect(pauseBefore(retry, 100, error, () => random)).toBe(pause);
  });

  it('is never shorter than the server asks for', () => {
    expect(pauseBefore(0, 100, new MlflowError('', 429, { retryAfterMilliseconds: 7_000 }), () => 1)).toBe(7_000);
  });
});
