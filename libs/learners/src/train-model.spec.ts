import type { LearnerSpec } from './hyperparameters.js';
import { LearnerError } from './learner.error.js';
import { featureImportances } from './feature-importances.js';
import { predictProbabilities } from './predict.js';
import type { RandomForestModel } from './random-forest/random-forest.js';
import { RandomStream } from '#kit';
import { toOnnx } from './to-onnx.js';
import { trainModel } from './train-model.js';
import { leafOf } from './tree/flat-tree.js';

const KINDS = ['random_forest', 'gradient_boosting', 'logistic_regression'] as const;
const ONCE = { seed: 1, threads: 1 };

/** Features x, y, z, of which z is noise; the class is how many of x > 0 and y > 0 hold, at most `classes - 1`. */
function ruleData(rows: number, classes: number, seed = 0) {
  const random = new RandomStream(seed, 7);
  const features = ['x', 'y', 'z'].map(() => Float32Array.from({ length: rows }, () => random.below(2001) / 1000 - 1));
  const [x, y] = features;
  const labels = Uint8Array.from(x, (value, row) => Math.min(Number(value > 0) + Number(y[row] > 0), classes - 1));
  return { features, labels, classes };
}

function accuracy(probabilities: Float64Array, labels: ArrayLike<number>, classes: number): number {
  let right = 0;
  for (let row = 0; row < labels.length; row++) {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    if (own.indexOf(Math.max(...own)) === labels[row]) right++;
  }
  return right / labels.length;
}

const bytesOf = async (spec: LearnerSpec, data = ruleData(300, 3), seed = 1) =>
  toOnnx(await trainModel(spec, data, { seed, threads: 1 }), {
    classes: Array.from({ length: data.classes }, (_, c) => c),
    featureNames: data.features.map((_, f) => `f${f}`),
  });

describe.each(KINDS)('trainModel of %s', (kind) => {
  it.each([2, 3])('learns a rule with %i classes, and what matters in it', async (classes) => {
    const data = ruleData(800, classes);
    const unseen = ruleData(400, classes, 1);
    const model = await trainModel({ kind }, data, ONCE);
    const probabilities = predictProbabilities(model, unseen.features);
    expect(accuracy(probabilities, unseen.labels, classes)).toBeGreaterThan(
      kind === 'logistic_regression' ? 0.8 : 0.98,
    );
    for (let row = 0; row < 400; row++) {
      const sum = probabilities.subarray(row * classes, (row + 1) * classes).reduce((total, p) => total + p, 0);
      expect(sum).toBeCloseTo(1, 6);
    }
    const importances = featureImportances(model);
    expect(importances.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    expect(importances[2]).toBeLessThan(0.1);
  });

  it('gives the same bytes for the same seed, and leaves its data alone', async () => {
    const data = ruleData(300, 3);
    const before = structuredClone(data);
    expect(await bytesOf({ kind }, data)).toEqual(await bytesOf({ kind }));
    expect(data).toEqual(before);
  });

  it('learns the shares of the classes where all features are constant', async () => {
    const data = { features: [new Float32Array(400).fill(3)], labels: new Uint8Array(400).fill(1, 100), classes: 2 };
    const [p0, p1] = predictProbabilities(await trainModel({ kind }, data, ONCE), [Float32Array.of(3)]);
    expect(p0).toBeCloseTo(0.25, 1);
    expect(p1).toBeCloseTo(0.75, 1);
  });

  it('takes duplicate rows of different classes, extreme values and a class that no row has', async () => {
    const features = [Float32Array.of(-3.4e38, 3.4e38, 0, 0, -0, 1e-45), Float32Array.of(1, 1, 2, 2, 2, 2)];
    const data = { features, labels: Int32Array.of(0, 2, 0, 2, 0, 2), classes: 3 };
    const probabilities = predictProbabilities(await trainModel({ kind }, data, ONCE), features);
    expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
  });

  it('stops at an abort, with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const seen: number[] = [];
    const onProgress = (done: number) => {
      seen.push(done);
      if (done === 2) controller.abort(reason);
    };
    const options = { ...ONCE, onProgress, signal: controller.signal };
    await expect(trainModel({ kind }, ruleData(300, 2), options)).rejects.toBe(reason);
    expect(seen).toEqual([1, 2]);
    await expect(trainModel({ kind }, ruleData(300, 2), options)).rejects.toBe(reason);
    expect(seen).toEqual([1, 2]);
  });

  it('is plain frozen data that counts what it learnt from', async () => {
    const model = await trainModel({ kind }, ruleData(100, 3), ONCE);
    expect(model).toMatchObject({ kind, features: 3, classes: 3 });
    expect(Object.isFrozen(model)).toBe(true);
    expect(structuredClone(model)).toEqual(model);
  });

  it('refuses rows that do not fit the model', async () => {
    const model = await trainModel({ kind }, ruleData(100, 2), ONCE);
    expect(() => predictProbabilities(model, [Float32Array.of(1)])).toThrow(
      new LearnerError('the model takes 3 columns of equal length, got lengths [1]'),
    );
    expect(() =>
      predictProbabilities(
        model,
        [0, NaN, 0].map((value) => Float32Array.of(value)),
      ),
    ).toThrow(new LearnerError('features[1][0] is NaN; every feature must be a finite float32'));
  });
});

describe('trainModel', () => {
  it('grows another forest for another seed', async () => {
    expect(await bytesOf({ kind: 'random_forest' })).not.toEqual(
      await bytesOf({ kind: 'random_forest' }, ruleData(300, 3), 2),
    );
  });

  it('keeps the rounds of boosting that served the rows kept aside best', async () => {
    const data = ruleData(400, 2);
    for (let row = 0; row < 400; row += 5) data.labels[row] ^= 1;
    const hyperparameters = { n_estimators: 300, learning_rate: 0.5, validation_share: 0.25, patience: 5 };
    const done: number[] = [];
    const onProgress = (round: number) => done.push(round);
    const model = await trainModel({ kind: 'gradient_boosting', hyperparameters }, data, { ...ONCE, onProgress });
    expect('trees' in model && model.trees.length).toBe(done.length - 5);
    expect(done.length).toBeLessThan(100);
  });

  it.each([2, 3])('finds where the penalised loss of logistic regression with %i classes is flat', async (classes) => {
    const data = ruleData(200, classes);
    const l2 = 0.7;
    const model = await trainModel({ kind: 'logistic_regression', hyperparameters: { l2 } }, data, ONCE);
    if (model.kind !== 'logistic_regression') throw new Error('another kind');
    const probabilities = predictProbabilities(model, data.features);
    model.coefficients.forEach((coefficients, output) => {
      const positive = classes === 2 ? 1 : output;
      const residuals = Float64Array.from(
        data.labels,
        (label, row) => probabilities[row * classes + positive] - Number(label === positive),
      );
      expect(Math.abs(residuals.reduce((sum, r) => sum + r, 0))).toBeLessThan(1e-4);
      coefficients.forEach((coefficient, f) => {
        const slope = residuals.reduce((sum, r, row) => sum + r * data.features[f][row], l2 * coefficient);
        expect(Math.abs(slope)).toBeLessThan(1e-4);
      });
    });
  });

  it('asks no question where balanced classes have nothing to gain, and lifts a rare class', async () => {
    const features = [Float32Array.from({ length: 100 }, (_, row) => (row < 10 ? 1 : 0))];
    const labels = Uint8Array.from({ length: 100 }, (_, row) => (row < 4 ? 1 : 0));
    const share = async (class_weight: 'none' | 'balanced') => {
      const spec = { kind: 'random_forest', hyperparameters: { class_weight, bootstrap: false } } as const;
      return predictProbabilities(await trainModel(spec, { features, labels, classes: 2 }, ONCE), [
        Float32Array.of(1),
      ])[1];
    };
    expect(await share('none')).toBeCloseTo(4 / 10, 4);
    expect(await share('balanced')).toBeCloseTo(4 / 4 / (4 / 4 + 6 / 96), 4);
  });

  it('counts constant columns among those that a node of a forest tries', async () => {
    const labels = Uint8Array.from({ length: 400 }, (_, row) => row % 2);
    const [strong, weak] = [10, 3].map((every) =>
      Float32Array.from(labels, (label, row) => (row % every < 2 ? 1 - label : label)),
    );
    const features = [strong, ...Array.from({ length: 8 }, () => new Float32Array(400)), weak];
    const hyperparameters = { n_estimators: 400, max_depth: 1, max_features: 3, bootstrap: false };
    const model = await trainModel({ kind: 'random_forest', hyperparameters }, { features, labels, classes: 2 }, ONCE);
    const roots = (model as RandomForestModel).trees.map(({ feature }) => feature[0]);
    // The weak feature is used where the strong one is not among three of ten: 28/120, plus half where neither is:
    // 56/240.
    expect(roots.filter((feature) => feature === 9).length / 400).toBeCloseTo(0.467, 1);
  });

  it.each([
    ['gradient_boosting', 20_000, { n_estimators: 20, learning_rate: 0.5, min_child_weight: 1e-3 }],
    ['random_forest', 100_000, { n_estimators: 5, max_depth: 40 }],
  ] as const)('%s learns from the few rows whose value is not that of all others', async (kind, rows, chosen) => {
    const sparse = (seed: number) => {
      const random = new RandomStream(seed, 5);
      const amount = Float32Array.from({ length: rows }, (_, row) => (row % 50 === 0 ? 1 + 40 * random.uniform() : 0));
      const labels = Uint8Array.from(amount, (value) => (value > 0 ? Math.floor(value) % 2 : random.below(2)));
      return { features: [amount], labels, classes: 2 };
    };
    const spec = { kind, hyperparameters: chosen } as LearnerSpec;
    const model = await trainModel(spec, sparse(0), ONCE);
    const unseen = sparse(1);
    const rare = [...unseen.features[0]].flatMap((value, row) => (value > 0 ? [row] : []));
    const amount = Float32Array.from(rare, (row) => unseen.features[0][row]);
    const labels = Uint8Array.from(rare, (row) => unseen.labels[row]);
    expect(accuracy(predictProbabilities(model, [amount]), labels, 2)).toBeGreaterThan(0.9);
  });

  it('keeps min_child_weight on each side: the sum of p * (1 - p), of p before the tree', async () => {
    const data = ruleData(200, 2);
    const hyperparameters = { n_estimators: 30, max_depth: 3, min_child_weight: 7, learning_rate: 0.3 };
    const model = await trainModel({ kind: 'gradient_boosting', hyperparameters }, data, ONCE);
    if (!('trees' in model)) throw new Error('another kind');
    model.trees.forEach((tree, t) => {
      const before = predictProbabilities({ ...model, trees: model.trees.slice(0, t) }, data.features);
      const weights = new Map<number, number>();
      for (let row = 0; row < 200; row++) {
        const leaf = leafOf(tree, data.features, row);
        weights.set(leaf, (weights.get(leaf) ?? 0) + before[2 * row] * before[2 * row + 1]);
      }
      // Rounding to whole steps loses a little.
      if (weights.size > 1) expect(Math.min(...weights.values())).toBeGreaterThan(6.999);
    });
    // In the end all rows are predicted with near certainty.
    expect(model.trees[0].left.length).toBeGreaterThan(1);
    expect(model.trees[29].left.length).toBe(1);
  });

  it('keeps min_samples_leaf rows on each side', async () => {
    const data = ruleData(200, 2);
    for (const kind of ['random_forest', 'gradient_boosting'] as const) {
      const bootstrap = kind === 'random_forest' && { bootstrap: false };
      const hyperparameters = { n_estimators: 3, min_samples_leaf: 40, ...bootstrap };
      const model = await trainModel({ kind, hyperparameters }, data, ONCE);
      if (!('trees' in model)) throw new Error('another kind');
      for (const { left, right, feature, threshold } of model.trees) {
        const reached = new Map<number, number>();
        for (let row = 0; row < 200; row++) {
          let node = 0;
          while (left[node] >= 0) node = (data.features[feature[node]][row] <= threshold[node] ? left : right)[node];
          reached.set(node, (reached.get(node) ?? 0) + 1);
        }
        expect(Math.min(...reached.values())).toBeGreaterThanOrEqual(40);
        expect(reached.size).toBeGreaterThan(1);
      }
    }
  });
});

describe('trainModel refuses', () => {
  const sound = ruleData(10, 2);
  it.each<[string, Partial<typeof sound>, string]>([
    ['one class', { classes: 1 }, 'classes is 1; it must be a whole number from 2 to 1000'],
    ['no rows', { labels: new Uint8Array() }, 'there are 0 labels; there must be from 1 to 268435455'],
    ['no features', { features: [] }, 'there are 0 feature columns; there must be from 1 to 32768'],
    ['a short column', { features: [Float32Array.of(1)] }, 'features[0] has 1 values, but there are 10 labels'],
    [
      'a label out of range',
      { labels: new Uint8Array(10).fill(2, 3) },
      'labels[3] is 2; with 2 classes it must be from 0 to 1',
    ],
    [
      'rows of one class',
      { labels: new Uint8Array(10).fill(1) },
      'all 10 rows are of class 1; a classifier needs rows of at least two classes, in each fold of a cross-validation too',
    ],
    [
      'NaN',
      { features: [new Float32Array(10).fill(NaN, 4)] },
      'features[0][4] is NaN; every feature must be a finite float32',
    ],
    [
      'infinity',
      { features: [new Float32Array(10).fill(-Infinity, 9)] },
      'features[0][9] is -Infinity; every feature must be a finite float32',
    ],
  ])('%s', async (_, flaw, message) => {
    await expect(trainModel({ kind: 'random_forest' }, { ...sound, ...flaw }, ONCE)).rejects.toThrow(
      new LearnerError(message),
    );
  });

  it.each<[object, string]>([
    [
      { kind: 'svm' },
      'learner is "svm"; it must be one of random_forest, gradient_boosting, logistic_regression, ridge',
    ],
    [
      { kind: 'random_forest', hyperparameters: { trees: 3 } },
      'random_forest has no hyperparameter "trees"; it has n_estimators, criterion, max_depth, min_samples_leaf, max_features, bootstrap, class_weight',
    ],
    [
      { kind: 'random_forest', hyperparameters: { n_estimators: 1.5 } },
      'random_forest.n_estimators is 1.5; it must be a whole number from 1 to 2000',
    ],
    [
      { kind: 'random_forest', hyperparameters: { max_features: 'log2' } },
      'random_forest.max_features is "log2"; it must be one of "sqrt", "all", or a whole number from 1 to 32768',
    ],
    [
      { kind: 'gradient_boosting', hyperparameters: { learning_rate: NaN } },
      'gradient_boosting.learning_rate is null; it must be a number from 0.0001 to 1',
    ],
    [
      { kind: 'logistic_regression', hyperparameters: { l2: '1' } },
      'logistic_regression.l2 is "1"; it must be a number from 1e-9 to 1000000000',
    ],
  ])('%j', async (spec, message) => {
    await expect(trainModel(spec as LearnerSpec, sound, ONCE)).rejects.toThrow(new LearnerError(message));
  });

  it('a seed or a number of threads that is none', async () => {
    const train = (options: object) => trainModel({ kind: 'random_forest' }, sound, { ...ONCE, ...options });
    await expect(train({ seed: -1 })).rejects.toThrow('seed is -1; it must be a whole number from 0 to');
    await expect(train({ threads: 0 })).rejects.toThrow('threads is 0; it must be a whole number from 1 to 256');
  });
});
