import { FeaturePipeline } from './feature-pipeline.js';
import { PipelineError } from './pipeline.error.js';
import type { PipelineRecipe } from './pipeline.js';

const pipeline = new FeaturePipeline();
const INPUTS: PipelineRecipe['inputs'] = [
  { name: 'a', type: 'float', nullable: false },
  { name: 'b', type: 'float', nullable: false },
  { name: 'plan', type: 'category', codes: 'text', nullable: false, unknown: 'other', values: ['pro', 'basic'] },
];
const COLUMNS = [Float64Array.of(1, 2, 4), Float64Array.of(0, 1, 0), Float64Array.of(0, 1, 1)];
const recipe = (steps: PipelineRecipe['steps'], outputs: string[]): PipelineRecipe => ({
  inputs: INPUTS,
  steps,
  outputs,
});

describe('The names of a recipe', () => {
  it('stand for one step of each of several columns', () => {
    const { steps, format_version } = pipeline.fit(
      recipe([{ kind: 'clip', columns: ['a', 'b'], maximum: 3 }], ['a']),
      COLUMNS,
    );
    expect(format_version).toBe(2);
    expect(steps).toEqual([
      { kind: 'clip', column: 'a', maximum: 3 },
      { kind: 'clip', column: 'b', maximum: 3 },
    ]);
  });

  it('stand for all columns that a step has made of one', () => {
    const steps = [
      { kind: 'one_hot', columns: ['plan'] },
      { kind: 'standardize', columns: ['plan', 'a'] },
    ] as const;
    const fitted = pipeline.fit(recipe(steps, ['a', 'plan']), COLUMNS);
    expect(fitted.outputs).toEqual(['a', 'plan_basic', 'plan_pro']);
    expect(fitted.steps[1]).toMatchObject({ columns: ['plan_basic', 'plan_pro', 'a'] });
    expect(() => pipeline.check(recipe(steps, ['a', 'plan']))).not.toThrow();
    expect(() => pipeline.check(recipe(steps, ['a', 'plan_basic']))).not.toThrow();
  });

  it('stand for none where a step has made none', () => {
    const steps = [{ kind: 'missing_indicator', columns: ['a'] }] as const;
    expect(pipeline.fit(recipe(steps, ['a', 'missingindicator_a']), COLUMNS).outputs).toEqual(['a']);
  });

  it('are never doubled: a new column that would be gets a number', () => {
    const inputs = [...INPUTS.slice(0, 1), { ...INPUTS[1], name: 'plan_pro' }, INPUTS[2]];
    const steps = [{ kind: 'one_hot', column: 'plan' }] as const;
    expect(pipeline.fit({ inputs, steps, outputs: ['plan'] }, COLUMNS).outputs).toEqual(['plan_basic', 'plan_pro_2']);
  });

  it.each<[string, object, string]>([
    [
      'both one column and several',
      { column: 'a', columns: ['b'] },
      'steps[0] (clip) has both column and columns; give only one of them',
    ],
    [
      'one output of several columns',
      { columns: ['a', 'b'], output: 'c' },
      'steps[0] (clip) names one output of several columns; write a step for each',
    ],
  ])('are refused where a step has %s', (_, keys, message) => {
    const step = { kind: 'clip', maximum: 3, ...keys } as PipelineRecipe['steps'][number];
    expect(() => pipeline.check(recipe([step], ['a']))).toThrow(new PipelineError(message));
  });
});
