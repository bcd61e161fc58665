import fc from 'fast-check';
import { ensembleMargins } from '#onnx';
import { anyEnsemble, rowsFor } from '../../testing/src/any-ensemble.js';
import { TreeKernel } from './tree-kernel.js';

describe('the kernel', () => {
  it('adds up what the plain loop does', () => {
    const shape = fc.record({
      features: fc.integer({ min: 1, max: 12 }),
      input: fc.constantFrom('float32' as const, 'float64' as const),
      outputs: fc.integer({ min: 1, max: 4 }),
      sets: fc.boolean(),
    });
    const drawn = shape.chain((range) =>
      fc.integer({ min: 1, max: range.outputs }).chain((leafWidth) => anyEnsemble({ ...range, leafWidth })),
    );
    fc.assert(
      fc.property(
        drawn,
        fc.array(fc.array(fc.double(), { minLength: 12, maxLength: 12 }), { minLength: 1, maxLength: 20 }),
        (ensemble, anywhere) => {
          const given = rowsFor(
            ensemble,
            anywhere.map((row) => row.slice(0, ensemble.features)),
          );
          const kernel = TreeKernel.of(ensemble, { rows: given.length, sums: 'float64' });
          if (typeof kernel === 'string') throw new Error(kernel);
          given.forEach((row, i) => row.forEach((x, f) => (kernel.features[f * kernel.rows + i] = x)));
          kernel.run(given.length);
          const { outputs, baseValues, join, roots } = ensemble;
          given.forEach((row, i) => {
            const sums = Array.from(
              kernel.sums.subarray(i * outputs, (i + 1) * outputs),
              (sum, o) => (join === 'mean' ? sum / roots.length : sum) + baseValues[o],
            );
            expect(sums).toEqual([...ensembleMargins(ensemble, row)]);
          });
        },
      ),
      { numRuns: Number(process.env.TREE_CASES ?? 300) },
    );
  });
});
