import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { predictProbabilities, trainModel } from '../../../dist/libs/learners/src/index.js';

const numbers = (file, Type) => new Type(new Uint8Array(readFileSync(file)).buffer);

function read(path, columns) {
  const labels = numbers(`${path}.i32`, Int32Array);
  const table = numbers(`${path}.f32`, Float32Array);
  const features = Array.from({ length: columns }, (_, f) =>
    table.subarray(f * labels.length, (f + 1) * labels.length),
  );
  return { features, labels };
}

// As fit_learners.py does for the peers. Outside of Jest, whose globals are so slow that a forest takes ten times as long.
console.log('{}');
for await (const line of createInterface({ input: process.stdin })) {
  const { kind, hyperparameters, directory, seed, columns, classes, least } = JSON.parse(line);
  const training = { ...read(`${directory}/training`, columns), classes };
  const model = await trainModel({ kind, hyperparameters }, training, { seed, threads: 1 });
  const { features, labels } = read(`${directory}/held`, columns);
  const probabilities = predictProbabilities(model, features);
  let loss = 0;
  labels.forEach((label, row) => (loss -= Math.log(Math.max(probabilities[row * classes + label], least))));
  console.log(loss / labels.length);
}
