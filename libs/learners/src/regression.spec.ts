import { createTensor, openSession } from '#runtime';
import { RandomStream } from '#kit';
import { ensembleMargins } from '#onnx';
import { featureImportances } from './feature-importances.js';
import type { LearnerSpec } from './hyperparameters.js';
import { LearnerError } from './learner.error.js';
import { predictProbabilities, predictValues, type RegressionData, takesMissing } from './index.js';
import { toEnsemble } from './to-ensemble.js';
import { toOnnx } from './to-onnx.js';
import { trainModel } from './train-model.js';

const ONCE = { seed: 1, threads: 1 };
const NAMES = ['x', 'y', 'z'];

/** A price that depends on x and y, while z is noise; far from 0, so that precision matters. */
function priceData(rows: number, seed = 0): RegressionData {
  const random = new RandomStream(seed, 3);
  const features = NAMES.map(() => Float32Array.from({ length: rows }, () => random.uniform() * 2 - 1));
  const [x, y] = features;
  const targets = Float64Array.from(x, (one, i) => 250_000 + 1_000 * (3 * one - 2 * y[i] + 0.1 * random.uniform()));
  return { features, targets };
}

const rootMeanSquare = (errors: Float64Array): number =>
  Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);

async function served(model: Uint8Array, columns: readonly Float32Array[], threads: number): Promise<Float64Array> {
  const rows = columns[0].length;
  const features = Float32Array.from({ length: rows * columns.length }, (_, i) => {
    return columns[i % columns.length][Math.floor(i / columns.length)];
  });
  const session = await openSession(model, threads);
  const { prediction } = await session.run({ features: createTensor('float32', features, [rows, columns.length]) });
  await session.release();
  return prediction.data as Float64Array;
}

const SPECS: readonly LearnerSpec[] = [
  { kind: 'random_forest', hyperparameters: { max_features: 'all' } },
  { kind: 'random_forest', hyperparameters: { bootstrap: false, min_samples_leaf: 3, n_estimators: 7 } },
  { kind: 'gradient_boosting' },
  { kind: 'gradient_boosting', hyperparameters: { validation_share: 0.2, n_estimators: 300 } },
  { kind: 'ridge' },
];

describe.each(SPECS)('a regression by $kind ($hyperparameters)', (spec) => {
  it('learns what there is to learn, and what matters in it', async () => {
    const data = priceData(1_000);
    const unseen = priceData(500, 1);
    const model = await trainModel(spec, data, ONCE);
    const predicted = predictValues(model, unseen.features);
    // The targets' standard deviation is 2,100; the noise's is 29.
    expect(rootMeanSquare(predicted.map((value, i) => value - unseen.targets[i]))).toBeLessThan(500);
    const importances = featureImportances(model);
    expect(importances[0]).toBeGreaterThan(importances[1]);
    expect(importances[2]).toBeLessThan(0.05);
  });

  it('is served as it was trained', async () => {
    const data = priceData(400);
    const model = await trainModel(spec, data, ONCE);
    const { features } = priceData(5_000, 2);
    const onnx = toOnnx(model, { classes: [], featureNames: NAMES });
    const expected = predictValues(model, features);
    const exact = model.kind !== 'ridge';
    for (const threads of [1, 2]) {
      const got = await served(onnx, features, threads);
      if (exact) expect(got).toEqual(expected);
      expect(Math.max(...got.map((value, i) => Math.abs(value / expected[i] - 1)))).toBeLessThan(1e-12);
    }
    if (!exact) return;
    const ensemble = toEnsemble(model as Parameters<typeof toEnsemble>[0]);
    const rows = Array.from({ length: 50 }, (_, row) => features.map((column) => column[row]));
    expect(rows.map((row) => ensembleMargins(ensemble, row)[0])).toEqual([...expected.subarray(0, 50)]);
  });

  it('gives the same bytes again, and leaves its data alone', async () => {
    const data = priceData(300);
    const before = structuredClone(data);
    const bytes = async () => toOnnx(await trainModel(spec, data, ONCE), { classes: [], featureNames: NAMES });
    expect(await bytes()).toEqual(await bytes());
    expect(data).toEqual(before);
  });
});

it('a forest without bootstrap and limits predicts each training target', async () => {
  const data = priceData(200);
  const hyperparameters = { n_estimators: 3, bootstrap: false, max_depth: 64, max_features: 'all' } as const;
  const model = await trainModel({ kind: 'random_forest', hyperparameters }, data, ONCE);
  const predicted = predictValues(model, data.features);
  predicted.forEach((value, i) => expect(Math.abs(value / data.targets[i] - 1)).toBeLessThan(1e-12));
});

it('ridge is the exact minimum: the gradient of its loss is 0, and of collinear columns too', async () => {
  const { features, targets } = priceData(300);
  const columns = [...features, features[0].map((value) => 1e-4 * value), new Float32Array(300).fill(7)];
  const l2 = 0.5;
  const model = await trainModel({ kind: 'ridge', hyperparameters: { l2 } }, { features: columns, targets }, ONCE);
  if (model.kind !== 'ridge') throw new Error();
  const residuals = predictValues(model, columns).map((value, i) => value - targets[i]);
  expect(Math.abs(residuals.reduce((sum, one) => sum + one, 0))).toBeLessThan(1e-3);
  columns.forEach((column, f) => {
    const gradient = residuals.reduce((sum, one, i) => sum + one * column[i], 0) + l2 * model.coefficients[f];
    expect(Math.abs(gradient)).toBeLessThan(1e-3);
  });
  expect(model.coefficients[4]).toBe(0);
});

describe('trainModel refuses', () => {
  const data = priceData(10);
  it.each<[string, LearnerSpec, RegressionData, string]>([
    [
      'a target that is no number',
      { kind: 'ridge' },
      { ...data, targets: data.targets.map((target, i) => (i === 3 ? NaN : target)) },
      'targets[3] is NaN',
    ],
    [
      'targets that are all the same',
      { kind: 'random_forest' },
      { ...data, targets: new Float64Array(10).fill(4) },
      'all 10 targets are 4; there is nothing to predict',
    ],
    ['numbers for a learner of classes', { kind: 'logistic_regression' }, data, 'for a regression choose ridge'],
    [
      'missing values where no one learns them',
      { kind: 'ridge' },
      { ...data, missing: true },
      'ridge takes no missing',
    ],
  ])('%s', async (_, spec, flawed, words) => {
    const training = trainModel(spec, flawed, ONCE);
    await expect(training).rejects.toThrow(LearnerError);
    await expect(training).rejects.toThrow(words);
  });

  it('missing values of all learners but those that say so', async () => {
    for (const kind of ['random_forest', 'gradient_boosting', 'ridge'] as const) {
      const outcome = await trainModel({ kind }, { ...data, missing: true }, ONCE).catch(
        ({ message }: Error) => message,
      );
      expect(typeof outcome === 'string').toBe(!takesMissing(kind));
    }
  });

  it('to predict classes by a regression, and numbers by a classifier', async () => {
    const regression = await trainModel({ kind: 'ridge' }, data, ONCE);
    expect(() => predictProbabilities(regression, data.features)).toThrow('ridge predicts a number');
    const labels = Int32Array.from(data.targets, (target) => Number(target > 250_000));
    const { features } = data;
    const forest = await trainModel({ kind: 'random_forest' }, { features, labels, classes: 2 }, ONCE);
    expect(() => predictValues(forest, features)).toThrow('tells classes apart and predicts no number');
  });
});
