import fc from 'fast-check';
import { FeaturePipeline } from '../feature-pipeline.js';
import type { PipelineRecipe } from '../pipeline.js';

const NAMES = ['__proto__', 'constructor', '', 'toString', 'a'];
const pipeline = new FeaturePipeline();
const recipe = (steps: PipelineRecipe['steps']): PipelineRecipe => ({
  inputs: [{ name: 'x', type: 'text', nullable: true, values: NAMES }],
  steps,
  outputs: ['x'],
});

describe('one_hot', () => {
  it('takes names that every object has for what they are', () => {
    const x = Float64Array.of(0, 1, 2, 3, 4, NaN);
    const fitted = pipeline.fit(recipe([{ kind: 'one_hot', column: 'x' }]), [x]);
    expect(fitted.outputs).toEqual(['x_', 'x___proto__', 'x_a', 'x_constructor', 'x_toString', 'x_nan']);
    const rows = pipeline.compile(fitted).compute([Float64Array.of(0, 1, -1)], 0, 3);
    expect(rows.map((column) => [...column.subarray(0, 3)])).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  const codes = fc.array(fc.oneof(fc.integer({ min: -1, max: NAMES.length - 1 }), fc.constant(NaN)), {
    minLength: 1,
    maxLength: 30,
  });

  /** No row may leave traces in the next chunk, which clears only what the chunk before it has set. */
  it.each<[string, PipelineRecipe['steps']]>([
    ['alone', [{ kind: 'one_hot', column: 'x' }]],
    [
      'before a step that scales what it wrote',
      [
        { kind: 'one_hot', column: 'x' },
        { kind: 'minmax', columns: ['x'], feature_range: [-1, 5] },
      ],
    ],
  ])('computes each chunk as the first one: %s', (_, steps) => {
    const fitted = pipeline.fit(recipe(steps), [Float64Array.of(0, 1, 2, 3, 4, NaN)]);
    const used = pipeline.compile(fitted);
    fc.assert(
      fc.property(codes, (values) => {
        const raw = Float64Array.from(values);
        const read = (transform: typeof used): number[][] =>
          transform.compute([raw], 0, raw.length).map((column) => [...column.subarray(0, raw.length)]);
        expect(read(used)).toEqual(read(pipeline.compile(fitted)));
      }),
    );
  });
});
