import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// Without the ONNX writer and what predicts, as the other libraries load neither to fit.
import { trainModel } from '../../dist/libs/learners/src/train-model.js';

const SPECS = {
  forest: { kind: 'random_forest', hyperparameters: { n_estimators: 100, max_depth: 10 } },
  boosting: { kind: 'gradient_boosting', hyperparameters: { n_estimators: 100, max_depth: 6, learning_rate: 0.1 } },
};

// Loaded beforehand, as fit.py imports its library.
const LEARNERS = {
  forest: '../../dist/libs/learners/src/random-forest/random-forest.js',
  boosting: '../../dist/libs/learners/src/gradient-boosting/gradient-boosting.js',
};

const [learner, directory, ...numbers] = process.argv.slice(2);
const [count, threads, seed] = numbers.map(Number);

function read(part) {
  const labels = new Uint8Array(readFileSync(join(directory, `${part}.labels.u8`)));
  const table = new Float32Array(readFileSync(join(directory, `${part}.columns.f32`)).buffer);
  const features = Array.from({ length: count }, (_, f) => table.subarray(f * labels.length, (f + 1) * labels.length));
  return { features, labels };
}

const train = { ...read('train'), classes: 2 };
await import(LEARNERS[learner]);
const cpuBefore = process.cpuUsage();
const before = performance.now();
const model = await trainModel(SPECS[learner], train, { seed, threads });
const fitSeconds = (performance.now() - before) / 1e3;
const { user, system } = process.cpuUsage(cpuBefore);
const peakMegabytes = process.resourceUsage().maxRSS / 1024;

const { predictProbabilities } = await import('../../dist/libs/learners/src/predict-probabilities.js');
const test = read('test');
const probabilities = predictProbabilities(model, test.features);
let right = 0;
let loss = 0;
test.labels.forEach((label, row) => {
  const [p0, p1] = probabilities.subarray(2 * row, 2 * row + 2);
  if ((p1 > p0 ? 1 : 0) === label) right++;
  // As scikit-learn's log_loss clips float64 probabilities.
  loss -= Math.log(Math.max(label ? p1 : p0, Number.EPSILON));
});
const { length } = test.labels;
const cpuSeconds = (user + system) / 1e6;
console.log(
  JSON.stringify({ fitSeconds, cpuSeconds, peakMegabytes, accuracy: right / length, logLoss: loss / length }),
);
