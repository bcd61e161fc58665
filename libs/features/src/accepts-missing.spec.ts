import { FeaturePipeline } from './feature-pipeline.js';
import { rowMajor } from './feature-transform.js';
import { PipelineError } from './pipeline.error.js';
import type { FittedPipeline, PipelineRecipe } from './pipeline.js';

const pipeline = new FeaturePipeline();
const recipe = (parts: Partial<PipelineRecipe>): PipelineRecipe => ({
  inputs: [{ name: 'x', type: 'float', nullable: true }],
  steps: [],
  outputs: ['x'],
  ...parts,
});
const X = Float64Array.of(1, NaN, 3);

describe('a pipeline whose model accepts missing values', () => {
  const fitted = (parts: Partial<PipelineRecipe>): FittedPipeline =>
    pipeline.fit(recipe({ accepts_missing: true, ...parts }), [X]);

  it('gives them on, and says so in the second format', () => {
    const made = fitted({});
    expect([made.format_version, made.accepts_missing]).toEqual([2, true]);
    const features = new Float32Array(3);
    expect(pipeline.compile(made).transform([X], 0, 3, rowMajor(features, 1))).toEqual([]);
    expect([...features]).toEqual([1, NaN, 3]);
  });

  it('still blames a column for what is infinite', () => {
    const raw = Float64Array.of(NaN, 1e39, 2);
    expect(pipeline.compile(fitted({})).transform([raw], 0, 3, rowMajor(new Float32Array(3), 1))).toEqual([
      { row: 1, feature: 'x', column: 'x', value: 1e39 },
    ]);
  });

  it('scales the values that are there, by these', () => {
    const made = fitted({ steps: [{ kind: 'standardize', columns: ['x'] }] });
    const [x] = pipeline.compile(made).compute([X], 0, 3);
    expect([...x.subarray(0, 3)]).toEqual([-1, NaN, 1]);
  });
});

describe('a pipeline whose model does not', () => {
  it.each<[string, Partial<PipelineRecipe>, string]>([
    [
      'a column that nothing fills',
      {},
      'the nullable column "x" is never filled; add an impute step for it or make it not nullable',
    ],
    [
      'a feature of such a column',
      { steps: [{ kind: 'sqrt', column: 'x', output: 'root' }], outputs: ['root'] },
      'outputs[0]: "root" may have no value; add an impute step for it',
    ],
    [
      'bins of such a column',
      { steps: [{ kind: 'kbins', column: 'x' }] },
      'steps[0] (kbins) reads the nullable column "x" before it is filled; put an impute step for it first',
    ],
    [
      'a table that does not say everything',
      { steps: [{ kind: 'lookup', column: 'x', output: 'y', table: [[1, 2]] }], outputs: ['y'] },
      'outputs[0]: "y" may have no value; add an impute step for it',
    ],
  ])('is refused %s', (_, parts, message) => {
    expect(() => pipeline.check(recipe(parts))).toThrow(PipelineError);
    expect(() => pipeline.check(recipe(parts))).toThrow(message);
  });

  it.each<[string, Partial<PipelineRecipe>]>([
    [
      'fills what it has computed',
      {
        steps: [
          { kind: 'sqrt', column: 'x' },
          { kind: 'impute', column: 'x' },
        ],
      },
    ],
    ['encodes missing values', { steps: [{ kind: 'one_hot', column: 'x' }] }],
    ['gives all else a number', { steps: [{ kind: 'lookup', column: 'x', table: [[1, 2]], default: 0 }] }],
    [
      'tells only that they are missing',
      { steps: [{ kind: 'missing_indicator', column: 'x', output: 'y' }], outputs: ['y'] },
    ],
  ])('is content where a step %s', (_, parts) => {
    const made = pipeline.fit(recipe(parts), [X]);
    const columns = pipeline.compile(made).compute([X], 0, 3);
    expect(columns.every((column) => column.subarray(0, 3).every(Number.isFinite))).toBe(true);
  });
});
