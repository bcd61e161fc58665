import { FeaturePipeline } from './feature-pipeline.js';
import { textNormalizers } from './text-normalizers.js';

describe('textNormalizers', () => {
  const steps = [
    { kind: 'string_normalize', columns: ['a', 'b'], strip_accents: true, lower: true },
    { kind: 'string_normalize', column: 'a', collapse: true, trim: true },
  ] as const;

  it('does what the steps of a column say, in their order', () => {
    const normalizers = textNormalizers({ steps });
    const text = ' \u0085Ünï\u2003 Čode\u001f';
    expect([...normalizers].map(([name, normalize]) => [name, normalize(text)])).toEqual([
      ['a', 'uni code'],
      ['b', ' \u0085uni  code\u001f'],
    ]);
  });

  it('keeps what only JavaScript takes for a blank', () => {
    expect(textNormalizers({ steps }).get('a')!('\ufeffx')).toBe('\ufeffx');
  });

  it('are of steps that compute nothing later', () => {
    const inputs = [{ name: 'a', type: 'text', nullable: false, values: ['x', 'y'] }] as const;
    const recipe = { inputs, steps: [steps[1], { kind: 'ordinal', column: 'a' } as const], outputs: ['a'] };
    const pipeline = new FeaturePipeline();
    const fitted = pipeline.fit(recipe, [Float64Array.of(0, 1)]);
    const [a] = pipeline.compile(fitted).compute([Float64Array.of(1, 0)], 0, 2);
    expect([...a.subarray(0, 2)]).toEqual([1, 0]);
  });
});
