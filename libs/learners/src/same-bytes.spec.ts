import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#kit';
import type { ClassLabels } from '#onnx';
import { forestToOnnx } from './forest-to-onnx.js';
import type { Forest } from './forest.js';
import { type LearnerSpec, resolveHyperparameters } from './hyperparameters.js';
import { toOnnx } from './to-onnx.js';
import { trainModel } from './train-model.js';
import type { TrainedModel } from './trained-model.js';

const ROWS = 600;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A deterministic table: it must not depend on the product's own random generator. */
function tableOf(classes: number) {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const features = Array.from({ length: 4 }, () => Float32Array.from({ length: ROWS }, random));
  const labels = Uint8Array.from(features[0], (value, row) =>
    Math.min(classes - 1, Math.floor((classes * (value + features[1][row] + random())) / 3)),
  );
  return { features, labels, classes };
}

it.each<[LearnerSpec, ClassLabels, string]>([
  [
    { kind: 'random_forest', hyperparameters: { n_estimators: 5 } },
    [0, 1],
    '73ef1633103b151fa8362673bcc393751500ee85211af4ed4946d3ad7852d355',
  ],
  [
    { kind: 'random_forest', hyperparameters: { n_estimators: 5, class_weight: 'balanced' } },
    ['a', 'b', 'c'],
    'b0a51a96d91edb32cd33a80a5e5357ed9b9943beafb83d74531efd5d081c909d',
  ],
  [
    { kind: 'gradient_boosting', hyperparameters: { n_estimators: 5 } },
    ['no', 'yes'],
    '6582f41df695234580cbece7e3666b1f3f3641bbbb8f0cee60a8e901d8d93096',
  ],
  [
    { kind: 'gradient_boosting', hyperparameters: { n_estimators: 5, min_samples_leaf: 5 } },
    [3, 1, 2],
    '22ced563fd797a1c7536771997c80fbf2698608a48a29dba36470457e0f4ac48',
  ],
])('%j of %j has the ONNX bytes that the first release wrote', async (spec, classes, expected) => {
  const model = await trainModel(spec, tableOf(classes.length), { seed: 42, threads: 1 });
  expect(sha256(toOnnx(model, { classes, featureNames: ['a', 'b', 'c', 'd'] }))).toBe(expected);
});

it("writes the shipped model's bytes", async () => {
  const forest = JSON.parse(await readFile(join(projectRoot(), 'test/fixtures/golden/forest.json'), 'utf8')) as Forest;
  const shipped = await readFile(join(projectRoot(), 'models/random_forest/1/model.onnx'));
  expect(sha256(forestToOnnx(forest))).toBe(sha256(shipped));
});

it.each<[number[], ClassLabels, string]>([
  [[0.5], [0, 1], '9a1f409018c68c2b253c1b52c5db5c45d97bb80c95c66cf9f1a6d1a8974c2ac0'],
  [[0.5, -1, 0.1], ['a', 'b', 'c'], '6d20cfe8f39f55fde6de4b03163dd73ed72b74275077b6b70ae960494fede613'],
])(
  'a logistic regression of the intercepts %j has the ONNX bytes that the first release wrote',
  (intercepts, classes, expected) => {
    const model: TrainedModel = {
      kind: 'logistic_regression',
      features: 2,
      classes: classes.length,
      hyperparameters: resolveHyperparameters('logistic_regression'),
      coefficients: intercepts.map((_, output) => Float64Array.of(0.1 + output, -3)),
      intercepts: Float64Array.from(intercepts),
      converged: true,
    };
    expect(sha256(toOnnx(model, { classes, featureNames: ['a', 'b'] }))).toBe(expected);
  },
);
