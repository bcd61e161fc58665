import fc from 'fast-check';
import { COMPARISON, ensembleLeaves, type TreeEnsemble } from '#onnx';
import { TreeKernel } from './tree-kernel.js';

/** 100,000 before a release: `TREE_CASES=100000 npm test -- random-ensembles`; `TREE_SEED` repeats a run. */
const CASES = Number(process.env.TREE_CASES ?? 60);
const SEED = Number(process.env.TREE_SEED ?? Date.now() % 2 ** 31);
const THRESHOLDS = [0, -0, 1, 0.1, 1 + 2 ** -24, 1e39, Infinity, -Infinity, 2 ** -149, 3, 7, 30];
const MOST_LEAVES = 500;
const DEEPEST = 16;
/** Runs of many rows, of as many and a few more, of a few and of one are laid out differently. */
const RUNS = [71, 64, 5, 1];

interface Shape {
  readonly trees: number;
  readonly leaves: number;
  readonly features: number;
  /** Which leaf is split next: any, the oldest, so that trees are full, or the newest, so that they are deep. */
  readonly grows: 'anywhere' | 'full' | 'deep';
  /** Whether leaves of a tree add to an output of its own: it tells which one a row reached. */
  readonly isApart: boolean;
}

/** Mulberry32 (Tommy Ettinger, 2017). */
function naturals(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const numberFor = (next: (below: number) => number): number =>
  next(2) === 0 ? THRESHOLDS[next(THRESHOLDS.length)] : (next(4_000) - 2_000) / 100;

/** Trees of every comparison; a leaf's value is its number. */
function ensembleOf({ trees, leaves, features, grows, isApart }: Shape, next: (below: number) => number): TreeEnsemble {
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
  const comparisons = next(2) === 0 ? [COMPARISON.atMost] : [COMPARISON.atMost, COMPARISON.below, COMPARISON.member];
  const isMissingAlike = next(2) === 0;
  for (let tree = 0; tree < trees; tree++) {
    const root = add();
    roots.push(root);
    const open = [{ node: root, depth: 0 }];
    for (let count = 1; count < leaves && open.length > 0;) {
      const at = grows === 'full' ? 0 : grows === 'deep' ? open.length - 1 : next(open.length);
      const [{ node, depth }] = open.splice(at, 1);
      if (depth === DEEPEST) continue;
      count++;
      feature[node] = next(features);
      comparison[node] = comparisons[next(comparisons.length)];
      if (comparison[node] === COMPARISON.member) setOf[node] = [next(4), 4 + next(60)];
      else threshold[node] = numberFor(next);
      missingLeft[node] = isMissingAlike ? 0 : next(2);
      left[node] = add();
      right[node] = add();
      open.push({ node: left[node], depth: depth + 1 }, { node: right[node], depth: depth + 1 });
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
    outputs: isApart ? trees : 1,
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
    firstOutput: Int32Array.from(roots, (_, tree) => (isApart ? tree : 0)),
    leafWidth: 1,
    leafValues: Float64Array.from({ length: leaf }, (_, i) => i),
    baseValues: Float64Array.of(0),
    join: 'sum',
    link: 'identity',
  };
}

const shape: fc.Arbitrary<Shape> = fc
  .record({
    trees: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.integer({ min: 21, max: 500 })),
    leaves: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 60, max: 300 })),
    features: fc.integer({ min: 1, max: 60 }),
    grows: fc.constantFrom('anywhere', 'full', 'deep'),
    isApart: fc.boolean(),
  })
  .map((drawn) => ({ ...drawn, leaves: Math.min(drawn.leaves, Math.ceil(MOST_LEAVES / drawn.trees)) }));

it(`rows reach the leaves that a plain loop tells, in ${CASES} ensembles (TREE_SEED=${SEED})`, () => {
  fc.assert(
    fc.property(shape, fc.integer(), (drawn, seed) => {
      const next = naturals(seed);
      const ensemble = ensembleOf(drawn, next);
      const round = ensemble.input === 'float32' ? Math.fround : (x: number): number => x;
      const cell = (): number => round([NaN, next(70), numberFor(next), numberFor(next), -1][next(5)]);
      const kernel = TreeKernel.of(ensemble, { rows: RUNS[0], sums: 'float64' });
      if (typeof kernel === 'string') throw new Error(kernel);
      const given = Array.from({ length: RUNS[0] }, () => Array.from({ length: drawn.features }, cell));
      given.forEach((row, i) => row.forEach((x, f) => (kernel.features[f * kernel.rows + i] = x)));
      const leaves = given.map((row) => [...ensembleLeaves(ensemble, row)]);
      const expected = drawn.isApart ? leaves.flat() : leaves.map((of) => of.reduce((sum, leaf) => sum + leaf, 0));
      for (const rows of RUNS) {
        kernel.sums.fill(NaN);
        kernel.run(rows);
        const count = rows * ensemble.outputs;
        const wrong = expected.findIndex((leaf, i) => i < count && kernel.sums[i] !== leaf);
        expect({ rows, wrong }).toEqual({ rows, wrong: -1 });
      }
    }),
    { numRuns: CASES, seed: SEED, endOnFailure: true },
  );
}, 1e9);
