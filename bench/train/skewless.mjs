import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { predictProbabilities, trainModel } from '../../dist/libs/forest/src/index.js';

const [directory, ...numbers] = process.argv.slice(2);
const [rows, trainRows, threads, seed] = numbers.map(Number);

const table = new Float32Array(readFileSync(join(directory, 'features.f32')).buffer);
const columns = Array.from({ length: table.length / rows }, (_, f) => table.subarray(f * rows, (f + 1) * rows));
const labels = new Uint8Array(readFileSync(join(directory, 'labels.u8')));
const part = (from, to) => ({
  features: columns.map((column) => column.subarray(from, to)),
  labels: labels.subarray(from, to),
});
const [train, test] = [part(0, trainRows), part(trainRows, rows)];

const spec = { kind: 'random_forest', hyperparameters: { n_estimators: 100, max_depth: 10 } };
const cpuBefore = process.cpuUsage();
const before = performance.now();
const model = await trainModel(spec, { ...train, classes: 2 }, { seed, threads });
const fitSeconds = (performance.now() - before) / 1e3;
const { user, system } = process.cpuUsage(cpuBefore);
const peakMegabytes = process.resourceUsage().maxRSS / 1024;

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
