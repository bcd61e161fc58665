import fc from 'fast-check';
import { createTensor, openSession } from '#runtime';
import { anyEnsemble, rowsFor } from '#testing';
import { ensembleMargins } from './evaluate-ensemble.js';
import type { CalibratedModel } from './calibrated-model.js';
import type { LinearModel } from './linear-model.js';
import {
  calibratedClassifier,
  ensembleClassifier,
  ensembleRegressor,
  linearClassifier,
  linearRegressor,
} from './model-to-onnx.js';
import { OnnxError } from './onnx.error.js';
import { COMPARISON, type TreeEnsemble } from './tree-ensemble.js';

const FEATURES = 3;
/** Enough rows that ONNX Runtime distributes them, or the trees, among threads. */
const MANY = 4_096;

const anywhere = fc.array(
  fc.array(fc.oneof(fc.double({ noNaN: true, min: -5, max: 5 }), fc.constant(NaN), fc.nat(70)), {
    minLength: FEATURES,
    maxLength: FEATURES,
  }),
  { minLength: 1, maxLength: 20 },
);

/** A model's answers, `output` row-major. */
async function run(
  model: Uint8Array,
  rows: readonly (readonly number[])[],
  input: TreeEnsemble['input'],
  output: string,
  threads: number,
): Promise<number[]> {
  const session = await openSession(model, threads);
  const features = input === 'float32' ? Float32Array.from(rows.flat()) : Float64Array.from(rows.flat());
  const answer = await session.run({ features: createTensor(input, features, [rows.length, rows[0].length]) }, [
    output,
  ]);
  await session.release();
  return Array.from(answer[output].data as Float64Array);
}

const repeated = <T>(rows: readonly T[], count: number): T[] =>
  Array.from({ length: count }, (_, i) => rows[i % rows.length]);

describe.each([
  ['float32', false],
  ['float32', true],
  ['float64', false],
  ['float64', true],
] as const)('a regression by trees of %s features, sets of categories: %s', (input, sets) => {
  it('answers bit for bit what the trees do: one row and thousands, one thread and two', async () => {
    await fc.assert(
      fc.asyncProperty(anyEnsemble({ features: FEATURES, input, sets }), anywhere, async (ensemble, given) => {
        const rows = rowsFor(ensemble, given).map((row) => (sets ? row.map(Math.round) : row));
        const model = ensembleRegressor(ensemble);
        const expected = rows.map((row) => ensembleMargins(ensemble, row)[0]);
        expect(await run(model, rows, input, 'prediction', 1)).toEqual(expected);
        expect(await run(model, repeated(rows, MANY), input, 'prediction', 1)).toEqual(repeated(expected, MANY));
        expect(await run(model, repeated(rows, MANY), input, 'prediction', 2)).toEqual(repeated(expected, MANY));
        for (const i of [0, rows.length - 1]) {
          expect(await run(model, [rows[i]], input, 'prediction', 2)).toEqual([expected[i]]);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('a classifier by trees', () => {
  const softmax = (margins: Float64Array): number[] => {
    const powers = Array.from(margins, (margin) => Math.exp(margin - Math.max(...margins)));
    return powers.map((power) => power / powers.reduce((sum, one) => sum + one, 0));
  };
  const logistic = ([margin]: Float64Array): number[] => {
    const probability = 1 / (1 + Math.exp(-margin));
    return [1 - probability, probability];
  };
  const same = (margins: Float64Array): number[] => [...margins];

  it.each([
    ['float64', 'float64', 'logistic', 1, 1, logistic],
    ['float64', 'float32', 'logistic', 1, 1, logistic],
    ['float64', 'float32', 'softmax', 3, 1, softmax],
    ['float32', 'float32', 'softmax', 3, 1, softmax],
    ['float32', 'float32', 'identity', 3, 3, same],
    ['float64', 'float32', 'identity', 3, 3, same],
    ['float64', 'float64', 'identity', 3, 3, same],
    ['float64', 'float32', 'identity', 1, 1, ([share]: Float64Array): number[] => [1 - share, share]],
  ] as const)(
    'with sums in %s of %s features, link %s and %i outputs agrees with the trees to 1e-6',
    async (sums, input, link, outputs, leafWidth, probabilitiesOf) => {
      const range = {
        features: FEATURES,
        input,
        outputs,
        leafWidth,
        link,
        sets: sums === 'float64' && leafWidth === 1,
      };
      const classes = outputs === 1 ? ['no', 'yes'] : ['a', 'b', 'c'];
      await fc.assert(
        fc.asyncProperty(anyEnsemble(range), anywhere, async (drawn, given) => {
          fc.pre(sums === 'float64' || new Set(drawn.firstOutput).size * leafWidth === outputs);
          // Multiples of 2^-4: a float32 holds their sums exactly.
          const scaled = sums === 'float32' ? drawn.leafValues.map((v) => Math.round(v) * 2 ** -4) : drawn.leafValues;
          const ensemble: TreeEnsemble = {
            ...drawn,
            leafValues: scaled,
            baseValues: drawn.baseValues.map((v) => (leafWidth > 1 ? 0 : Math.round(v) * 2 ** -4)),
            join: leafWidth > 1 ? 'mean' : sums === 'float32' ? 'sum' : drawn.join,
          };
          const rows = rowsFor(ensemble, given).map((row) => (range.sets ? row.map(Math.round) : row));
          const model = ensembleClassifier(ensemble, classes, sums);
          const got = await run(model, rows, input, 'probabilities', 1);
          // One assertion for all rows: each takes a third of a millisecond.
          const errors = rows.flatMap((row, i) =>
            probabilitiesOf(ensembleMargins(ensemble, row)).map(
              (p, c) => Math.abs(got[i * classes.length + c] - p) / Math.max(1, Math.abs(p)),
            ),
          );
          expect(Math.max(...errors)).toBeLessThan(1e-6);
        }),
        { numRuns: 30 },
      );
    },
  );
});

const LEAF: TreeEnsemble = {
  features: 1,
  outputs: 1,
  input: 'float32',
  feature: Int32Array.of(0, 0, 0),
  threshold: Float64Array.of(0, 0, 0),
  comparison: Uint8Array.of(COMPARISON.member, 0, 0),
  missingLeft: Uint8Array.of(1, 0, 0),
  left: Int32Array.of(1, -1, -1),
  right: Int32Array.of(2, 0, 1),
  cover: new Float64Array(0),
  setStart: Int32Array.of(0, 1, 1, 1),
  setCodes: Int32Array.of(7),
  roots: Int32Array.of(0),
  firstOutput: Int32Array.of(0),
  leafWidth: 1,
  leafValues: Float64Array.of(1, 2),
  baseValues: Float64Array.of(0),
  join: 'sum',
  link: 'identity',
};

/** ONNX Runtime up to 1.23 crashed on sets of 31 members and on values beyond 30. */
describe.each([
  ['{0}', [0]],
  ['{30}', [30]],
  ['{31}', [31]],
  ['{0, 31}', [0, 31]],
  ['{0 .. 63}', Array.from({ length: 64 }, (_, i) => i)],
  ['300 even numbers', Array.from({ length: 300 }, (_, i) => 2 * i)],
  ['{1,000,000}', [1_000_000]],
  ['{0, 1,000,000}', [0, 1_000_000]],
])('the set %s', (_, set) => {
  it.each([
    ['float32', 0],
    ['float32', 1],
    ['float64', 0],
    ['float64', 1],
  ] as const)('of %s features has its members and no other, missing ones go to side %i', async (input, missing) => {
    const ensemble: TreeEnsemble = {
      ...LEAF,
      input,
      missingLeft: Uint8Array.of(missing, 0, 0),
      setStart: Int32Array.of(0, set.length, set.length, set.length),
      setCodes: Int32Array.from(set),
    };
    const asked = [
      NaN,
      -1,
      -31,
      0,
      1,
      2,
      29,
      30,
      31,
      32,
      62,
      63,
      64,
      65,
      598,
      599,
      600,
      1e6,
      1e6 + 1,
      2 ** 24,
      2 ** 31,
    ];
    const rows = asked.map((x) => [x]);
    const expected = asked.map((x) => (Number.isNaN(x) ? 2 - missing : set.includes(x) ? 1 : 2));
    const model = ensembleRegressor(ensemble);
    for (const threads of [1, 2]) {
      expect(await run(model, rows, input, 'prediction', threads)).toEqual(expected);
      expect(await run(model, repeated(rows, MANY), input, 'prediction', threads)).toEqual(repeated(expected, MANY));
      expect(await run(model, rows.slice(3, 4), input, 'prediction', threads)).toEqual(expected.slice(3, 4));
    }
  });
});

describe('no operator of ONNX says', () => {
  const empty = { ...LEAF, setStart: Int32Array.of(0, 0, 0, 0), setCodes: new Int32Array(0) };
  it.each<[string, () => Uint8Array, string]>([
    ['a set without members', () => ensembleRegressor(empty), 'has an empty set of categories at node 0'],
    ['a set in float32', () => ensembleClassifier(LEAF, [0, 1], 'float32'), 'asks for sets of categories'],
    [
      'float64 features in float32',
      () => ensembleClassifier({ ...LEAF, input: 'float64' }, [0, 1], 'float32'),
      'compares float64 numbers',
    ],
    [
      'leaves of several values behind sets of categories',
      () => ensembleClassifier({ ...LEAF, outputs: 2, leafWidth: 2 }, [0, 1], 'float64'),
      'has leaves of several values and sets of categories',
    ],
    [
      'an output without trees in float32',
      () => ensembleClassifier({ ...LEAF, comparison: Uint8Array.of(0, 0, 0), outputs: 2 }, [0, 1], 'float32'),
      'has outputs that no tree adds to',
    ],
    ['a regression of two values', () => ensembleRegressor({ ...LEAF, outputs: 2 }), 'gives 2 values a row'],
    ['a regression of shares', () => ensembleRegressor({ ...LEAF, link: 'softmax' }), 'ends with softmax'],
  ])('%s', (_, write, words) => {
    expect(write).toThrow(OnnxError);
    expect(write).toThrow(words);
  });
});

it('a linear regression answers its weighted sums in float64', async () => {
  const model = linearRegressor({
    features: 2,
    input: 'float32',
    coefficients: [Float64Array.of(1e9, -1e-9)],
    intercepts: Float64Array.of(0.1),
    link: 'identity',
  });
  const rows = [
    [1.5, 2],
    [-3, 1e6],
  ];
  const [first, second] = await run(model, rows, 'float32', 'prediction', 1);
  expect(first).toBeCloseTo(1.5e9 - 2e-9 + 0.1, 6);
  expect(second).toBeCloseTo(-3e9 - 1e-3 + 0.1, 6);
});

describe('a linear classifier of float64 features', () => {
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const model: LinearModel = {
    features: 2,
    input: 'float64',
    coefficients: [Float64Array.of(1, 2), Float64Array.of(-1, 0.5), Float64Array.of(0.25, -3)],
    intercepts: Float64Array.of(0.5, -0.5, 0),
    link: 'one_vs_rest',
  };
  const rows = [
    [0.3, -0.7],
    [2, 1e-17],
    [0, 0],
  ];
  const marginsOf = ([a, b]: number[]): number[] =>
    model.coefficients.map((of, k) => of[0] * a + of[1] * b + model.intercepts[k]);

  it('gives shares of logistic functions, one for each class', async () => {
    const got = await run(linearClassifier(model, ['a', 'b', 'c']), rows, 'float64', 'probabilities', 1);
    const expected = rows.flatMap((row) => {
      const each = marginsOf(row).map(sigmoid);
      return each.map((one) => one / (each[0] + each[1] + each[2]));
    });
    got.forEach((share, i) => expect(share).toBeCloseTo(expected[i], 6));
  });

  it('decides, and gives 1 for the class that it decides for', async () => {
    const of = (outputs: number): LinearModel => ({
      ...model,
      link: 'decision',
      coefficients: model.coefficients.slice(0, outputs),
      intercepts: model.intercepts.slice(0, outputs),
    });
    const many = await run(linearClassifier(of(3), ['a', 'b', 'c']), rows, 'float64', 'probabilities', 1);
    expect(many).toEqual(
      rows.flatMap((row) => marginsOf(row).map((margin, _, all) => Number(margin === Math.max(...all)))),
    );
    const two = await run(linearClassifier(of(1), ['no', 'yes']), rows, 'float64', 'probabilities', 1);
    expect(two).toEqual(rows.flatMap((row) => (marginsOf(row)[0] > 0 ? [0, 1] : [1, 0])));
  });
});

it('a calibrated classifier answers the mean of its calibrated parts', async () => {
  const linear = (weight: number): LinearModel => ({
    features: 1,
    input: 'float64',
    coefficients: [Float64Array.of(weight)],
    intercepts: Float64Array.of(0),
    link: 'identity',
  });
  const model: CalibratedModel = {
    features: 1,
    input: 'float64',
    parts: [
      { scorer: { linear: linear(1) }, calibrators: [{ kind: 'isotonic', x: [-1, 0, 2], y: [0.1, 0.4, 0.9] }] },
      { scorer: { linear: linear(2) }, calibrators: [{ kind: 'sigmoid', a: -1, b: 0.5 }] },
      { scorer: { linear: linear(1) }, calibrators: [{ kind: 'isotonic', x: [3], y: [0.25] }] },
    ],
  };
  const rows = [[-5], [-1], [-0.5], [0], [1.5], [2], [7]];
  const line = [0.1, 0.1, 0.25, 0.4, 0.775, 0.9, 0.9];
  const got = await run(calibratedClassifier(model, ['no', 'yes']), rows, 'float64', 'probabilities', 1);
  rows.forEach(([x], i) => {
    const expected = (line[i] + 1 / (1 + Math.exp(0.5 - 2 * x)) + 0.25) / 3;
    expect([got[2 * i], got[2 * i + 1]]).toEqual([Math.fround(1 - expected), Math.fround(expected)]);
  });
});
