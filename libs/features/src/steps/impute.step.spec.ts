import { FeaturePipeline } from '../feature-pipeline.js';
import type { PipelineRecipe } from '../pipeline.js';

const RECIPE: PipelineRecipe = {
  inputs: [{ name: 'x', type: 'float', nullable: true }],
  steps: [
    { kind: 'impute', column: 'x' },
    { kind: 'square', column: 'x', output: 'x_squared' },
  ],
  outputs: ['x', 'x_squared'],
};
const X = Float64Array.of(NaN, 1, NaN, 5, NaN);

describe('impute', () => {
  it('learns the mean of the values that are there', () => {
    expect(new FeaturePipeline().fit(RECIPE, [X]).steps[0]).toEqual({ kind: 'impute', column: 'x', value: 3 });
  });

  it('learns 0 where no value is there', () => {
    expect(new FeaturePipeline().fit(RECIPE, [Float64Array.of(NaN, NaN)]).steps[0]).toMatchObject({ value: 0 });
  });

  it('fills what is missing and nothing else, and later steps see the filled value', () => {
    const pipeline = new FeaturePipeline();
    const raw = Float64Array.of(NaN, 0, -Infinity, 4);
    const [x, squared] = pipeline.compile(pipeline.fit(RECIPE, [X])).compute([raw], 0, 4);
    expect([...x.subarray(0, 4)]).toEqual([3, 0, -Infinity, 4]);
    expect([...squared.subarray(0, 4)]).toEqual([9, 0, Infinity, 16]);
    expect([...raw]).toEqual([NaN, 0, -Infinity, 4]);
  });
});
