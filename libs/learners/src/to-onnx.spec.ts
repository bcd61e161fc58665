import fc from 'fast-check';
import { runOnnx } from '#testing';
import { LearnerError } from './learner.error.js';
import { toOnnx } from './to-onnx.js';
import { trainModel } from './train-model.js';
import type { LearnerSpec } from './hyperparameters.js';
import { predictProbabilities } from './predict.js';
import type { TrainedModel } from './trained-model.js';

const FEATURES = 3;
const NAMES = ['x', 'y', 'z'];

const SPECS: readonly LearnerSpec[] = [
  { kind: 'random_forest', hyperparameters: { n_estimators: 7, max_depth: 5 } },
  { kind: 'random_forest', hyperparameters: { n_estimators: 3, criterion: 'entropy', class_weight: 'balanced' } },
  { kind: 'gradient_boosting', hyperparameters: { n_estimators: 20, max_depth: 4 } },
  {
    kind: 'gradient_boosting',
    hyperparameters: { n_estimators: 9, learning_rate: 1, l2: 0, min_samples_leaf: 3, min_child_weight: 0.001 },
  },
  { kind: 'logistic_regression' },
  { kind: 'logistic_regression', hyperparameters: { l2: 1e-6 } },
];

/** Values from a small set and arbitrary ones: ties, duplicates, constant columns and extreme ranges. */
const value = fc.oneof(
  fc.constantFrom(0, -0, 1, 0.1, -2),
  fc.float({ noNaN: true, noDefaultInfinity: true, min: -5, max: 5 }),
  fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e6), max: Math.fround(1e6) }),
);
const anyData = (classes: number) =>
  fc
    .array(fc.tuple(fc.tuple(value, value, value), fc.nat(classes - 1)), { minLength: 2, maxLength: 60 })
    .filter((rows) => new Set(rows.map(([, label]) => label)).size > 1);

const columnsOf = (rows: readonly (readonly number[])[]) =>
  NAMES.map((_, f) => Float32Array.from(rows, (row) => row[f]));

const nextUp = (x: number) => Math.fround(x + Math.max(Math.abs(x) * 2 ** -23, 2 ** -149));

/** Rows on every threshold of the trees, and at the next float32 number above. */
function rowsOnThresholds(model: TrainedModel): number[][] {
  const thresholds = 'trees' in model ? model.trees.flatMap(({ threshold }) => [...new Set(threshold)]) : [];
  return thresholds.flatMap((x) => [Array<number>(FEATURES).fill(x), Array<number>(FEATURES).fill(nextUp(x))]);
}

describe.each(SPECS)('an exported $kind ($hyperparameters)', (spec) => {
  it.each([[[0, 1]], [['no', 'yes']], [[30, -10, 20]], [['a', 'b', 'c', 'd']]])(
    'of the classes %j agrees with the learner: label on every row, probabilities to 1e-6',
    async (labels) => {
      await fc.assert(
        fc.asyncProperty(anyData(labels.length), fc.nat(), async (data, seed) => {
          const given = data.map(([row]) => row);
          const training = {
            features: columnsOf(given),
            labels: Uint8Array.from(data, ([, label]) => label),
            classes: labels.length,
          };
          const model = await trainModel(spec, training, { seed, threads: 1 });
          const rows = [...given, ...rowsOnThresholds(model)].map((row) => row.map(Math.fround));
          const expected = predictProbabilities(model, columnsOf(rows));
          const answers = await runOnnx(toOnnx(model, { classes: labels, featureNames: NAMES }), rows);
          const own = rows.map((_, i) => [...expected.subarray(i * labels.length, (i + 1) * labels.length)]);
          // One assertion for all rows: each takes a third of a millisecond.
          const errors = answers.map(({ probabilities }, i) =>
            Math.max(...own[i].map((p, c) => Math.abs(p - probabilities[c]))),
          );
          expect(Math.max(...errors)).toBeLessThan(1e-6);
          expect(answers.map(({ label }) => label)).toEqual(own.map((of) => labels[of.indexOf(Math.max(...of))]));
        }),
        { numRuns: 8 },
      );
    },
  );
});

describe('toOnnx', () => {
  it('needs as many names as the model has classes and features', async () => {
    const data = {
      features: columnsOf([
        [0, 1, 2],
        [3, 4, 5],
      ]),
      labels: Uint8Array.of(0, 1),
      classes: 2,
    };
    const model = await trainModel(SPECS[0], data, { seed: 1, threads: 1 });
    expect(() => toOnnx(model, { classes: [0, 1, 2], featureNames: ['x'] })).toThrow(
      new LearnerError('the model has 2 classes and 3 features; named are 3 and 1'),
    );
  });
});
