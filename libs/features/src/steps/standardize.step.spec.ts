import fc from 'fast-check';
import { FeaturePipeline } from '../feature-pipeline.js';
import { PipelineError } from '../pipeline.error.js';
import type { PipelineRecipe } from '../pipeline.js';
import type { StandardizeStep } from './standardize.step.js';

const RECIPE: PipelineRecipe = {
  inputs: ['a', 'b', 'c'].map((name) => ({ name, type: 'float', nullable: false })),
  steps: [{ kind: 'standardize', columns: ['c', 'a'] }],
  outputs: ['a', 'b', 'c'],
};
const A = Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9);
const B = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const C = Float64Array.of(-3, 3, -3, 3, -3, 3, -3, 3);

function fit(...columns: Float64Array[]): StandardizeStep {
  return new FeaturePipeline().fit(RECIPE, columns).steps[0] as StandardizeStep;
}

describe('standardize', () => {
  it('learns mean and population standard deviation of the named columns, in the order of their names', () => {
    expect(fit(A, B, C)).toEqual({ kind: 'standardize', columns: ['c', 'a'], mean: [0, 5], scale: [3, 2] });
  });

  it('changes only the named columns', () => {
    const pipeline = new FeaturePipeline();
    const [a, b, c] = pipeline.compile(pipeline.fit(RECIPE, [A, B, C])).compute([A, B, C], 0, 8);
    expect([...a.subarray(0, 8)]).toEqual([-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2]);
    expect([...b.subarray(0, 8)]).toEqual([...B]);
    expect([...c.subarray(0, 8)]).toEqual([-1, 1, -1, 1, -1, 1, -1, 1]);
  });

  it('scales a constant column by 1', () => {
    expect(
      fit(
        A.map(() => 7),
        B,
        C,
      ),
    ).toMatchObject({ mean: [0, 7], scale: [3, 1] });
  });
  it('scales every constant column by 1, whichever the number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 50 }), (value, rows) => {
        const column = new Float64Array(rows).fill(value);
        expect(fit(column, column, column).scale).toEqual([1, 1]);
      }),
    );
  });

  it('keeps its digits where the mean is large', () => {
    expect(
      fit(
        A.map((value) => value + 1e9),
        B,
        C,
      ),
    ).toMatchObject({ mean: [0, 1e9 + 5], scale: [3, 2] });
  });

  it.each([
    [[0], [1, 1], '2 columns need as many means and scales, not 1 and 2'],
    [[0, 0], [1], '2 columns need as many means and scales, not 2 and 1'],
    [[0, 0], [1, 0], 'every scale must be above 0'],
    [[0, 0], [-1, 1], 'every scale must be above 0'],
    [[0, 0], [1, NaN], 'every scale must be above 0'],
  ])('refuses the means %j with the scales %j', (mean, scale, flaw) => {
    const steps = [{ kind: 'standardize', columns: ['c', 'a'], mean, scale }] as const;
    expect(() => new FeaturePipeline().compile({ format_version: 1, ...RECIPE, steps })).toThrow(
      new PipelineError(`steps[0] (standardize): ${flaw}`),
    );
  });
});
