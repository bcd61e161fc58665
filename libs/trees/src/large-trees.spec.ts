import fc from 'fast-check';
import { COMPARISON, ensembleMargins, type TreeEnsemble } from '#onnx';
import { TreeKernel } from './tree-kernel.js';

const CASES = Number(process.env.TREE_CASES ?? 25);
const THRESHOLDS = [0, -0, 1, 0.1, 1 + 2 ** -24, 1e39, Infinity, -Infinity, 2 ** -149, 3, 7, 30];

/** Trees of so many leaves, grown where a random leaf is, of every comparison; leaves are told apart by their values. */
function largeEnsemble(next: (below: number) => number, trees: number, leaves: number, features: number): TreeEnsemble {
  const [feature, threshold, comparison, missingLeft, left, right, roots, sets]: number[][] = [
    ...[[], [], [], [], [], [], [], []],
  ];
  const setOf: number[][] = [];
  let leaf = 0;
  const add = (): number => {
    for (const array of [feature, threshold, comparison, missingLeft, right]) array.push(0);
    setOf.push([]);
    return left.push(-1) - 1;
  };
  for (let tree = 0; tree < trees; tree++) {
    const root = add();
    roots.push(root);
    const open = [root];
    for (let count = 1; count < leaves; count++) {
      const [node] = open.splice(next(open.length), 1);
      feature[node] = next(features);
      comparison[node] = [COMPARISON.atMost, COMPARISON.below, COMPARISON.member][next(3)];
      if (comparison[node] === COMPARISON.member) setOf[node] = [next(4), 4 + next(60)];
      else threshold[node] = next(2) === 0 ? THRESHOLDS[next(THRESHOLDS.length)] : (next(4_000) - 2_000) / 100;
      missingLeft[node] = next(2);
      left[node] = add();
      right[node] = add();
      open.push(left[node], right[node]);
    }
    for (let node = root; node < left.length; node++) if (left[node] < 0) right[node] = leaf++;
  }
  const setStart = [0];
  for (const set of setOf) {
    sets.push(...set);
    setStart.push(sets.length);
  }
  return {
    features,
    outputs: 1,
    input: next(2) === 0 ? 'float32' : 'float64',
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    comparison: Uint8Array.from(comparison),
    missingLeft: Uint8Array.from(missingLeft),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    cover: new Float64Array(0),
    setStart: Int32Array.from(setStart),
    setCodes: Int32Array.from(sets),
    roots: Int32Array.from(roots),
    firstOutput: new Int32Array(trees),
    leafWidth: 1,
    leafValues: Float64Array.from({ length: leaf }, (_, i) => 2 ** (i % 40) + i),
    baseValues: Float64Array.of(0),
    join: 'sum',
    link: 'identity',
  };
}

it(`reaches the leaves of a plain loop in large trees, alone and among small ones, in ${CASES} ensembles`, () => {
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(2, 60, 65, 300),
      fc.integer({ min: 1, max: 9 }),
      (stream, trees, leaves, features) => {
        const next = (below: number): number => stream.next().value % below;
        const ensemble = largeEnsemble(next, trees, leaves, features);
        const cell = (): number =>
          [NaN, next(70), THRESHOLDS[next(THRESHOLDS.length)], (next(4_000) - 2_000) / 100, -1][next(5)];
        const round = ensemble.input === 'float32' ? Math.fround : (x: number): number => x;
        const given = Array.from({ length: 21 }, () => Array.from({ length: features }, () => round(cell())));
        const kernel = TreeKernel.of(ensemble, { rows: given.length, sums: 'float64' });
        if (typeof kernel === 'string') throw new Error(kernel);
        for (const rows of [given.length, 1, 3]) {
          given.forEach((row, i) => row.forEach((x, f) => (kernel.features[f * kernel.rows + i] = x)));
          kernel.run(rows);
          const expected = given.slice(0, rows).map((row) => ensembleMargins(ensemble, row)[0]);
          expect([...kernel.sums.subarray(0, rows)]).toEqual(expected);
        }
      },
    ),
    { numRuns: CASES, endOnFailure: true },
  );
});
