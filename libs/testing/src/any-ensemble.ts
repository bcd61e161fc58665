import fc from 'fast-check';
import { COMPARISON, type Link, type TreeEnsemble } from '#onnx';

/** The range of generated ensembles. */
export interface EnsembleRange {
  readonly features: number;
  readonly input: TreeEnsemble['input'];
  readonly outputs?: number;
  readonly leafWidth?: number;
  readonly sets?: boolean;
  readonly link?: Link;
}

interface Split {
  readonly feature: number;
  readonly comparison: number;
  readonly threshold: number;
  readonly set: readonly number[];
  readonly missingLeft: boolean;
  readonly left: Branch;
  readonly right: Branch;
}
type Branch = Split | { readonly values: readonly number[] };

/** Numbers that both float types hold, and numbers between two float32. */
const threshold = (input: TreeEnsemble['input']): fc.Arbitrary<number> =>
  fc.oneof(
    fc.double({ noNaN: true, min: -4, max: 4 }),
    fc.constantFrom(0, -0, 1, 0.1, 1e-50, 2 ** -149),
    fc.constantFrom(...(input === 'float64' ? [1 + 2 ** -52, 1e300, -1e300] : [1 + 2 ** -24, 16777217, 1e39])),
  );

const codes = fc.uniqueArray(fc.oneof(fc.nat(70), fc.constantFrom(0, 30, 31, 32, 63, 64, 999, 1_000_000)), {
  minLength: 1,
  maxLength: 40,
});

/** Any ensemble: single leaves, deep trees, ties; leaf values on a grid of 2^-20, so that every sum is exact. */
export function anyEnsemble({
  features,
  input,
  outputs = 1,
  leafWidth = 1,
  sets = false,
  link = 'identity',
}: EnsembleRange): fc.Arbitrary<TreeEnsemble> {
  const value = fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map((steps) => steps * 2 ** -20);
  const { branch } = fc.letrec<{ branch: Branch }>((tie) => ({
    branch: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.record({ values: fc.array(value, { minLength: leafWidth, maxLength: leafWidth }) }),
      fc.record({
        feature: fc.nat(features - 1),
        comparison: fc.constantFrom(
          COMPARISON.atMost,
          COMPARISON.below,
          ...(sets ? [COMPARISON.member, COMPARISON.member] : []),
        ),
        threshold: threshold(input),
        set: codes.map((set) => set.sort((a, b) => a - b)),
        missingLeft: fc.boolean(),
        left: tie('branch'),
        right: tie('branch'),
      }),
    ),
  }));
  return fc
    .record({
      trees: fc.array(fc.tuple(branch, fc.nat(outputs - leafWidth)), { minLength: 1, maxLength: 6 }),
      baseValues: fc.array(value, { minLength: outputs, maxLength: outputs }),
      join: fc.constantFrom('sum' as const, 'mean' as const),
    })
    .map(({ trees, baseValues, join }) => ({
      features,
      outputs,
      input,
      leafWidth,
      ...layOut(trees.map(([root]) => root)),
      firstOutput: Int32Array.from(trees, ([, first]) => first),
      baseValues: Float64Array.from(baseValues),
      join,
      link,
    }));
}

function layOut(trees: readonly Branch[]) {
  const [feature, thresholds, comparison, missingLeft, left, right, setCodes, leafValues]: number[][] = [
    [],
    [],
    [],
    [],
    [],
    [],
    [],
    [],
  ];
  const setStart = [0];
  let leaves = 0;
  const add = (branch: Branch): number => {
    const at = left.length;
    const split = 'left' in branch ? branch : undefined;
    const isMember = split?.comparison === COMPARISON.member;
    feature.push(split?.feature ?? 0);
    comparison.push(split?.comparison ?? 0);
    thresholds.push(split && !isMember ? split.threshold : 0);
    missingLeft.push(Number(split?.missingLeft ?? 0));
    if (split && isMember) setCodes.push(...split.set);
    setStart.push(setCodes.length);
    left.push(-1);
    right.push(split ? -1 : leaves++);
    if ('values' in branch) leafValues.push(...branch.values);
    if (split) {
      left[at] = add(split.left);
      right[at] = add(split.right);
    }
    return at;
  };
  const roots = Int32Array.from(trees, add);
  return {
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(thresholds),
    comparison: Uint8Array.from(comparison),
    missingLeft: Uint8Array.from(missingLeft),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    cover: new Float64Array(0),
    setStart: Int32Array.from(setStart),
    setCodes: Int32Array.from(setCodes),
    roots,
    leafValues: Float64Array.from(leafValues),
  };
}

/** Arbitrary, missing and unknown values, and each threshold with the input type's next numbers below and above. */
export function rowsFor(ensemble: TreeEnsemble, anywhere: readonly (readonly number[])[]): number[][] {
  const { features, input, threshold: thresholds, setCodes } = ensemble;
  const round = input === 'float32' ? Math.fround : (x: number): number => x;
  const step = input === 'float32' ? 2 ** -23 : 2 ** -52;
  const edges = [...new Set([...thresholds].map(round))].filter(Number.isFinite);
  const beside = edges.flatMap((x) => [x, x + Math.max(Math.abs(x) * step, 2 ** -149), x - Math.abs(x) * step]);
  const special = [NaN, -1, 0, 29, 30, 31, 32, 63, 64, 1_000_000, ...setCodes, ...beside];
  const mixed = special.map((_, i) =>
    Array.from({ length: features }, (_, f) => special[(i * (f + 1)) % special.length]),
  );
  return [...anywhere.map((row) => [...row]), ...special.map((x) => Array<number>(features).fill(x)), ...mixed].map(
    (row) => row.map(round),
  );
}
