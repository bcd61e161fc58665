import fc from 'fast-check';
import { createTensor, openSession } from '#runtime';
import { RandomStream } from '#kit';
import { ensembleMargins } from '#onnx';
import { classProbabilities } from './class-probabilities.js';
import type { GradientBoostingModel } from './gradient-boosting/gradient-boosting.js';
import type { RandomForestModel } from './random-forest/random-forest.js';
import { predictProbabilities, predictValues } from './predict.js';
import { toEnsemble } from './to-ensemble.js';
import { toOnnx } from './to-onnx.js';
import { trainModel } from './train-model.js';

const ONCE = { seed: 1, threads: 1 };
type Trees = GradientBoostingModel | RandomForestModel;
const missing = true;

/** Whether x is missing explains most, and y the rest; with few values of y, it shares a byte. */
function gappyData(rows: number, few: boolean, seed = 0) {
  const random = new RandomStream(seed, 5);
  const x = Float32Array.from({ length: rows }, () =>
    random.below(10) < 3 ? NaN : few ? random.below(4) : random.uniform(),
  );
  const y = Float32Array.from({ length: rows }, () => (random.below(10) < 1 ? NaN : random.below(3)));
  const score = (i: number): number => (Number.isNaN(x[i]) ? 2 : x[i] > (few ? 2 : 0.7) ? 1 : 0) + (y[i] === 2 ? 1 : 0);
  return { features: [x, y], scores: Array.from({ length: rows }, (_, i) => score(i)) };
}

describe.each([
  ['many values', false],
  ['few values, which share a byte with others', true],
] as const)('gradient boosting on a column with gaps of %s', (_, few) => {
  it.each([1, 2, 5])('learns where missing values go, with leaves of %i rows', async (min_samples_leaf) => {
    const { features, scores } = gappyData(2_000, few);
    const labels = Int32Array.from(scores, (score) => Number(score >= 2));
    const spec = { kind: 'gradient_boosting', hyperparameters: { n_estimators: 40, min_samples_leaf } } as const;
    const model = await trainModel(spec, { features, labels, classes: 2, missing }, ONCE);
    const unseen = gappyData(1_000, few, 1);
    const probabilities = predictProbabilities(model, unseen.features);
    unseen.scores.forEach((score, i) => expect(probabilities[2 * i + 1] > 0.5).toBe(score >= 2));
  });

  it('predicts numbers by them too', async () => {
    const { features, scores } = gappyData(2_000, few);
    const targets = Float64Array.from(scores);
    const model = await trainModel({ kind: 'gradient_boosting' }, { features, targets, missing }, ONCE);
    const errors = predictValues(model, features).map((value, i) => Math.abs(value - scores[i]));
    // Values next to a bin edge share a bin with some on the other side.
    expect(errors.filter((error) => error > 0.05).length).toBeLessThan(20);
  });
});

it.each([2, 0])('a forest learns what it says that a value is missing, of %i classes', async (classes) => {
  const { features, scores } = gappyData(2_000, false);
  const labels = Int32Array.from(scores, (score) => Number(score >= 2));
  // Give NaN either sign.
  new Uint32Array(features[0].buffer).forEach((bits, i, all) => {
    if (Number.isNaN(features[0][i]) && i % 2 === 0) all[i] = bits | 0x80000000;
  });
  const data = classes > 0 ? { features, labels, classes, missing } : { features, targets: Float64Array.from(labels), missing }; // prettier-ignore
  const model = await trainModel({ kind: 'random_forest', hyperparameters: { n_estimators: 30 } }, data, ONCE);
  const unseen = gappyData(1_000, false, 1);
  const answers = classes > 0 ? predictProbabilities(model, unseen.features) : predictValues(model, unseen.features);
  const wrong = unseen.scores.filter((score, i) => answers[classes > 0 ? 2 * i + 1 : i] > 0.5 !== score >= 2);
  expect(wrong.length).toBeLessThan(10);
});

it('sends what is missing for the first time to the larger side', async () => {
  const x = Float32Array.from({ length: 100 }, (_, i) => i);
  for (const [edge, probability] of [
    [20, 1],
    [80, 0],
  ]) {
    const labels = Int32Array.from(x, (value) => Number(value >= edge));
    const model = await trainModel({ kind: 'gradient_boosting' }, { features: [x], labels, classes: 2, missing }, ONCE);
    expect(predictProbabilities(model, [Float32Array.of(NaN)])[1]).toBeCloseTo(probability, 0);
  }
});

it('keeps to the rules: without missing values the same trees as ever, and none is taken', async () => {
  const { features, scores } = gappyData(500, false);
  const labels = Int32Array.from(scores, (score) => Math.min(2, score));
  const whole = features.map((column) => column.map((value) => (Number.isNaN(value) ? -1 : value)));
  const train = async (given: object): Promise<GradientBoostingModel> =>
    (await trainModel(
      { kind: 'gradient_boosting', hyperparameters: { n_estimators: 5 } },
      { features: whole, labels, classes: 3, ...given },
      ONCE,
    )) as GradientBoostingModel;
  const [plain, ready] = [await train({}), await train({ missing })];
  plain.trees.forEach((tree, t) => {
    expect({ ...tree, missingLeft: [] }).toEqual({ ...ready.trees[t], missingLeft: [] });
    expect(tree.missingLeft.includes(1)).toBe(false);
  });
  expect(ready.trees.some((tree) => tree.missingLeft.includes(1))).toBe(true);
  expect(() => predictProbabilities(plain, features)).toThrow('every feature must be a finite float32');
  await expect(train({ features })).rejects.toThrow('is NaN; every feature must be a finite float32');
});

describe('a model of gappy data is served as it was trained', () => {
  const value = fc.oneof(fc.constant(NaN), fc.integer({ min: 0, max: 5 }), fc.float({ noNaN: true, min: -5, max: 5 }));
  const table = fc.array(fc.tuple(value, value, fc.nat(3)), { minLength: 10, maxLength: 80 });

  it.each([
    ['gradient_boosting', 0],
    ['gradient_boosting', 2],
    ['gradient_boosting', 4],
    ['random_forest', 0],
    ['random_forest', 2],
    ['random_forest', 4],
  ] as const)('%s of %i classes, in ONNX Runtime and in the shape that all share', async (kind, classes) => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const features = [0, 1].map((f) => Float32Array.from(rows, (row) => row[f]));
        const labels = Int32Array.from(rows, ([, , label], i) => (i < classes ? i : label % Math.max(classes, 1)));
        const targets = Float64Array.from(rows, ([, , label], i) => (i === 0 ? 9.1 : label));
        const data = classes > 0 ? { features, labels, classes, missing } : { features, targets, missing };
        const boosting = { min_child_weight: 0.1, l2: 0.1, learning_rate: 0.5 };
        const hyperparameters = { n_estimators: 6, ...(kind === 'gradient_boosting' && boosting) };
        const model = (await trainModel({ kind, hyperparameters }, data, ONCE)) as Trees;
        const names = { classes: ['a', 'b', 'c', 'd'].slice(0, classes), featureNames: ['x', 'y'] };
        const session = await openSession(toOnnx(model, names), 1);
        const flat = Float32Array.from(rows.flatMap(([x, y]) => [x, y]));
        const answers = await session.run({ features: createTensor('float32', flat, [rows.length, 2]) });
        await session.release();
        const ensemble = toEnsemble(model);
        const margins = Float64Array.from(rows.flatMap(([x, y]) => [...ensembleMargins(ensemble, [x, y])]));
        if (classes === 0) {
          expect([...(answers.prediction.data as Float64Array)]).toEqual([...predictValues(model, features)]);
          expect(margins).toEqual(predictValues(model, features));
          return;
        }
        const expected = predictProbabilities(model, features);
        const shares = kind === 'random_forest' ? margins : classProbabilities(margins, classes);
        expect(shares.map(Math.fround)).toEqual(expected);
        (answers.probabilities.data as Float32Array).forEach((p, i) => {
          expect(Math.abs(p - expected[i])).toBeLessThan(1e-6);
        });
      }),
      { numRuns: 30 },
    );
  });
});

it('balanced classes count the same, however rare', async () => {
  const random = new RandomStream(2, 2);
  const features = [Float32Array.from({ length: 2_000 }, () => random.uniform())];
  const labels = Int32Array.from(features[0], (x) => Number(random.uniform() < 0.02 + 0.1 * x));
  const share = async (class_weight: 'none' | 'balanced', classes: number): Promise<number> => {
    const hyperparameters = { class_weight, n_estimators: 30, max_depth: 2 };
    const model = await trainModel({ kind: 'gradient_boosting', hyperparameters }, { features, labels, classes }, ONCE);
    const probabilities = predictProbabilities(model, features);
    return labels.reduce((sum, _, i) => sum + probabilities[classes * i + 1], 0) / labels.length;
  };
  for (const classes of [2, 3]) {
    expect(await share('none', classes)).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / 2_000, 1);
    expect(await share('balanced', classes)).toBeGreaterThan(0.4);
  }
});
