import fc from 'fast-check';
import { runOnnx } from '#testing';
import { floorToFloat32 } from '#onnx';
import type { DecisionTree, Forest } from './forest.js';
import { forestProbabilities } from './forest-probabilities.js';
import { forestToOnnx } from './forest-to-onnx.js';

const FEATURES = 3;

/** A tree as nested splits; a leaf holds one weight per class. */
type Branch = { feature: number; threshold: number; left: Branch; right: Branch } | { weights: number[] };

/** Converts nested splits to scikit-learn's arrays. */
function layOut(root: Branch): DecisionTree {
  const tree = { feature: [], threshold: [], left: [], right: [], value: [] } as {
    [Part in keyof DecisionTree]: DecisionTree[Part][number][];
  };
  const add = (branch: Branch): number => {
    const at = tree.value.length;
    const split = 'feature' in branch;
    const sum = split ? 1 : branch.weights.reduce((total, weight) => total + weight, 0);
    tree.feature[at] = split ? branch.feature : -2;
    tree.threshold[at] = split ? branch.threshold : -2;
    tree.left[at] = tree.right[at] = -1;
    tree.value[at] = split ? [] : branch.weights.map((weight) => weight / sum);
    if (split) {
      tree.left[at] = add(branch.left);
      tree.right[at] = add(branch.right);
    }
    return at;
  };
  add(root);
  return tree;
}

const threshold = fc.oneof(fc.double({ noNaN: true, min: -4, max: 4 }), fc.constantFrom(0, -0, 1, 0.1, 1e-50, 1e39));

function anyTree(classes: number): fc.Arbitrary<DecisionTree> {
  const { branch } = fc.letrec<{ branch: Branch }>((tie) => ({
    branch: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.record({ weights: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: classes, maxLength: classes }) }),
      fc.record({ feature: fc.nat(FEATURES - 1), threshold, left: tie('branch'), right: tie('branch') }),
    ),
  }));
  return branch.map(layOut);
}

function anyForest(labels: fc.Arbitrary<Forest['classes']>): fc.Arbitrary<Forest> {
  return labels.chain((classes) =>
    fc.array(anyTree(classes.length), { minLength: 1, maxLength: 5 }).map((trees) => ({
      classes,
      feature_names: ['x', 'y', 'z'],
      trees,
    })),
  );
}

/** Arbitrary rows, and rows on each threshold of the forest and the float32 numbers next to it. */
function rowsFor({ trees }: Forest, anywhere: readonly number[][]): number[][] {
  const edges = trees.flatMap(({ threshold }) => threshold).map((value) => floorToFloat32(value));
  const beside = edges.flatMap((edge) => [edge, edge + Math.abs(edge) * 2 ** -23, edge - Math.abs(edge) * 2 ** -23]);
  return [...anywhere, ...beside.filter(Number.isFinite).map((value) => Array<number>(FEATURES).fill(value))].map(
    (row) => row.map(Math.fround),
  );
}

const anywhere = fc.array(
  fc.array(fc.float({ noNaN: true, min: -5, max: 5 }), { minLength: FEATURES, maxLength: FEATURES }),
  {
    minLength: 1,
  },
);
const integers = fc.integer({ min: -(2 ** 31), max: 2 ** 31 });
const distinct = <T>(label: fc.Arbitrary<T>, count: number): fc.Arbitrary<T[]> =>
  fc.uniqueArray(label, { minLength: count, maxLength: count });

describe('forestToOnnx', () => {
  it.each<[string, fc.Arbitrary<Forest['classes']>]>([
    ['two classes 0 and 1', fc.constant([0, 1])],
    ['two classes of any whole numbers', distinct(integers, 2)],
    ['two classes of any names', distinct(fc.string({ unit: 'binary' }), 2)],
    ['three classes 0, 1 and 2', fc.constant([0, 1, 2])],
    ['five classes of any whole numbers', distinct(integers, 5)],
    ['four classes of any names', distinct(fc.string({ unit: 'binary' }), 4)],
  ])('answers what the trees answer: %s', async (_, labels) => {
    await fc.assert(
      fc.asyncProperty(anyForest(labels), anywhere, async (forest, given) => {
        const rows = rowsFor(forest, given);
        const answers = await runOnnx(forestToOnnx(forest), rows);
        answers.forEach(({ label, probabilities }, i) => {
          const expected = forestProbabilities(forest, rows[i]);
          const errors = probabilities.map((probability, c) => Math.abs(probability - expected[c]));
          expect(Math.max(...errors)).toBeLessThan(1e-6);
          expect(label).toBe(forest.classes[probabilities.indexOf(Math.max(...probabilities))]);
        });
      }),
      { numRuns: 25 },
    );
  });

  const leafOf = (...value: number[]): DecisionTree => layOut({ weights: value });
  const answer = async (classes: Forest['classes'], ...trees: DecisionTree[]) =>
    (await runOnnx(forestToOnnx({ classes, feature_names: ['x', 'y', 'z'], trees }), [[0, 0, 0]]))[0];

  it.each([
    [[7, -3], [0.5, 0.5], 7],
    [['no', 'yes'], [0.5, 0.5], 'no'],
    [['a', 'b', 'c'], [0.25, 0.375, 0.375], 'b'],
  ])('gives a tie between %j to the first', async (classes, shares, label) => {
    expect(await answer(classes as Forest['classes'], leafOf(...shares))).toEqual({ label, probabilities: shares });
  });

  it('gives exact probabilities where the leaves are pure, whatever the number of trees', async () => {
    const trees = Array.from({ length: 100 }, (_, i) => (i < 97 ? leafOf(1, 0) : leafOf(0, 1)));
    expect(await answer([0, 1], ...trees)).toEqual({ label: 0, probabilities: [0.97, 0.03].map(Math.fround) });
  });

  it('writes the same bytes for the same forest', () => {
    const forest = { classes: [0, 1], feature_names: ['x'], trees: [leafOf(1, 3)] };
    expect(forestToOnnx(forest)).toEqual(forestToOnnx(structuredClone(forest)));
  });
});
