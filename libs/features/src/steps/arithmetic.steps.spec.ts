import { FeaturePipeline } from '../feature-pipeline.js';
import type { PipelineRecipe } from '../pipeline.js';
import type { FittedStep } from './index.js';

type Arithmetic = Extract<FittedStep, { output: string }>;

const recipeOf = (step: Arithmetic): PipelineRecipe => ({
  inputs: ['a', 'b'].map((name) => ({ name, type: 'float', nullable: false })),
  steps: [step],
  outputs: [step.output, 'a', 'b'],
});

describe.each<[Arithmetic, (a: number, b: number) => number]>([
  [{ kind: 'square', column: 'a', output: 'y' }, (a) => a * a],
  [{ kind: 'product', left: 'a', right: 'b', output: 'y' }, (a, b) => a * b],
  [{ kind: 'ratio', numerator: 'a', denominator: 'b', offset: 1, output: 'y' }, (a, b) => a / (b + 1)],
  [{ kind: 'ratio', numerator: 'b', denominator: 'a', offset: -0.5, output: 'y' }, (a, b) => b / (a - 0.5)],
  [{ kind: 'log1p', column: 'a', output: 'y' }, (a) => Math.log1p(a)],
])('%j', (step, expected) => {
  const a = Float64Array.of(3, -0.5, 0, 1e-17, 0.5, 1e200);
  const b = Float64Array.of(2, 4, 0, -1, 7, 1e200);
  const pipeline = new FeaturePipeline();

  it('learns nothing', () => expect(pipeline.fit(recipeOf(step), [a, b]).steps).toEqual([step]));

  it('writes its output and leaves the columns that it reads', () => {
    const columns = pipeline.compile(pipeline.fit(recipeOf(step), [a, b])).compute([a, b], 0, a.length);
    const values = columns.map((column) => [...column.subarray(0, a.length)]);
    expect(values).toEqual([Array.from(a, (value, i) => expected(value, b[i])), [...a], [...b]]);
  });
});

describe('log1p', () => {
  it('is accurate near zero, where the logarithm of 1 + x is not', () => {
    const pipeline = new FeaturePipeline();
    const recipe = recipeOf({ kind: 'log1p', column: 'a', output: 'y' });
    const tiny = Float64Array.of(1e-17);
    const [[y]] = pipeline.compile(pipeline.fit(recipe, [tiny, tiny])).compute([tiny, tiny], 0, 1);
    expect(y).toBe(1e-17);
  });
});
