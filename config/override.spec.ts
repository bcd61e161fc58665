import { ConfigError } from './config.error.js';
import { loadPipelineConfig } from './load-config.js';

const set = (setting: string, value: string) => loadPipelineConfig({}, { [`--set ${setting}`]: [setting, value] });

describe('a setting on the command line', () => {
  it('reaches any depth, and leaves what is beside it', () => {
    expect(set('validation.nulls.maxShare', '0.25').validation.nulls).toEqual({
      severity: 'error',
      maxShare: 0.25,
      maxShareNullable: 0.5,
    });
    expect(set('training.hyperparameters.max_depth', '4').training.hyperparameters).toEqual({ max_depth: 4 });
    expect(set('validation.kolmogorovSmirnov.maximum', '1e-3').validation.kolmogorovSmirnov.maximum).toBe(0.001);
  });

  it('may be a mapping or a list', () => {
    expect(set('training.hyperparameters', '{}').training.hyperparameters).toEqual({});
    expect(set('training.hyperparameters', '{l2: 0.5}').training.hyperparameters).toEqual({ l2: 0.5 });
    expect(set('validation.allowedValues.columns.target', '[0, 1, 2]').validation.allowedValues.columns).toEqual({
      target: [0, 1, 2],
    });
  });

  it.each([
    [
      'validation.nulls.maxShare',
      '2',
      /^validation\.nulls\.maxShare \(from --set validation\.nulls\.maxShare\) is 2: must/,
    ],
    ['validation.nulls.share', '0', /^validation\.nulls\.share .* is 0: there is no such setting/],
    ['training.seed.deeper', '1', /^training\.seed\.deeper does not exist: 42 has no "deeper"$/],
    ['validation.duplicates', '[]', /^validation\.duplicates .* is \[\]: must be a mapping$/],
    ['gate.minimums.f1', 'high', /minimums is \{"f1":"high"\}: must be a mapping of metrics to numbers$/],
    ['training.folds', '1', /^training\.folds .* is 1: must be 0, or a whole number from 2 to 20$/],
    ['gate', '[]', /^gate .* is \[\]: must be a mapping$/],
    ['models', '[]', /^models .* is \[\]: must be a mapping$/],
    [
      'validation.allowedValues.columns.target',
      '[]',
      /columns is \{"target":\[\]\}: must be a mapping of columns to lists/,
    ],
    ['training.hyperparameters', '{a: ', /^training\.hyperparameters is \{a: : /],
  ])('is refused where it does not fit: %s=%s', (setting, value, message) => {
    expect(() => set(setting, value)).toThrow(ConfigError);
    expect(() => set(setting, value)).toThrow(message);
  });
});
