import fc from 'fast-check';
import { anyEnsemble, rowsFor } from '#testing';
import { ensembleMargins, type TreeEnsemble } from '#onnx';
import { TreeKernel } from './tree-kernel.js';

/** 100,000 before a release: `TREE_CASES=100000 npm test -- libs/trees`. */
const CASES = Number(process.env.TREE_CASES ?? 200);

/** Its leaves answer with their own number, so that sums of one tree tell which leaf a row reached. */
const numbered = (ensemble: TreeEnsemble, tree: number): TreeEnsemble => ({
  ...ensemble,
  outputs: 1,
  leafWidth: 1,
  roots: ensemble.roots.slice(tree, tree + 1),
  firstOutput: Int32Array.of(0),
  leafValues: Float64Array.from({ length: ensemble.leafValues.length / ensemble.leafWidth }, (_, leaf) => leaf),
  baseValues: Float64Array.of(0),
  join: 'sum',
});

function sumsOf(ensemble: TreeEnsemble, given: readonly (readonly number[])[]): number[][] {
  const kernel = TreeKernel.of(ensemble, { rows: given.length, sums: 'float64' });
  if (typeof kernel === 'string') throw new Error(kernel);
  given.forEach((row, i) => row.forEach((x, f) => (kernel.features[f * kernel.rows + i] = x)));
  kernel.run(given.length);
  const { outputs, baseValues, join, roots } = ensemble;
  const divisor = join === 'mean' ? roots.length : 1;
  return given.map((_, i) =>
    Array.from(kernel.sums.subarray(i * outputs, (i + 1) * outputs), (sum, o) => sum / divisor + baseValues[o]),
  );
}

const drawn = fc
  .record({
    features: fc.integer({ min: 1, max: 60 }),
    input: fc.constantFrom('float32' as const, 'float64' as const),
    outputs: fc.integer({ min: 1, max: 4 }),
    sets: fc.boolean(),
  })
  .chain((range) =>
    fc.tuple(
      fc.integer({ min: 1, max: range.outputs }).chain((leafWidth) => anyEnsemble({ ...range, leafWidth })),
      fc.array(fc.array(fc.double(), { minLength: range.features, maxLength: range.features }), { maxLength: 9 }),
    ),
  );

describe('The kernel of trees', () => {
  it(`adds up what a plain loop does, in ${CASES} ensembles: any comparison, sets, missing values, both float types`, () => {
    fc.assert(
      fc.property(drawn, ([ensemble, anywhere]) => {
        const given = rowsFor(ensemble, anywhere);
        expect(sumsOf(ensemble, given)).toEqual(given.map((row) => [...ensembleMargins(ensemble, row)]));
      }),
      { numRuns: CASES, endOnFailure: true },
    );
  });

  it('reaches the very leaves of a plain loop, one row at a time and many', () => {
    fc.assert(
      fc.property(drawn, ([ensemble, anywhere]) => {
        const given = rowsFor(ensemble, anywhere);
        const [first] = ensemble.roots;
        const end = ensemble.roots[1] ?? ensemble.left.length;
        const only = numbered(ensemble, 0);
        const cut = <T extends Int32Array | Float64Array | Uint8Array>(array: T): T => array.slice(first, end) as T;
        const tree = {
          ...only,
          feature: cut(only.feature),
          threshold: cut(only.threshold),
          comparison: cut(only.comparison),
          missingLeft: cut(only.missingLeft),
          left: cut(only.left),
          right: cut(only.right),
        };
        const leaves = given.map((row) => [...ensembleMargins(tree, row)]);
        expect(sumsOf(tree, given)).toEqual(leaves);
        expect(sumsOf(tree, given.slice(0, 1))).toEqual(leaves.slice(0, 1));
      }),
      { numRuns: CASES, endOnFailure: true },
    );
  });
});
