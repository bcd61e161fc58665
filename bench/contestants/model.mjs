import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

// What both peers share: the champion bundle's session, and its 14 features written by hand.

const model = new URL('../../models/random_forest/', import.meta.url);
const champion = new URL(`${JSON.parse(readFileSync(new URL('aliases.json', model))).champion}/`, model);
const json = (file) => JSON.parse(readFileSync(new URL(file, champion)));

const manifest = json('manifest.json');
const { mean, scale } = json('pipeline.json').steps.find(({ kind }) => kind === 'standardize');
const session = await InferenceSession.create(readFileSync(new URL('model.onnx', champion)), {
  intraOpNumThreads: Number(process.env.INFERENCE_THREADS ?? 1),
  interOpNumThreads: 1,
  logSeverityLevel: 3,
});

export const MODEL_VERSION = `${manifest.algorithm}:${manifest.version}`;
const CLASSES = manifest.classes;
const WIDTH = 14;

/** Writes one instance's features to `target`, from index `at` on. */
function writeFeatures(instance, target, at) {
  const { feature_1: a, feature_2: b, feature_3: c, feature_4: d, feature_5: e } = instance;
  target[at] = (a - mean[0]) / scale[0];
  target[at + 1] = (b - mean[1]) / scale[1];
  target[at + 2] = (c - mean[2]) / scale[2];
  target[at + 3] = (d - mean[3]) / scale[3];
  target[at + 4] = (e - mean[4]) / scale[4];
  target[at + 5] = (a * a - mean[5]) / scale[5];
  target[at + 6] = (b * b - mean[6]) / scale[6];
  target[at + 7] = (a * b - mean[7]) / scale[7];
  target[at + 8] = (a * d - mean[8]) / scale[8];
  target[at + 9] = (d / (e + 1) - mean[9]) / scale[9];
  target[at + 10] = (Math.log1p(d) - mean[10]) / scale[10];
  target[at + 11] = d > 25 && d <= 50 ? 1 : 0;
  target[at + 12] = d > 50 && d <= 75 ? 1 : 0;
  target[at + 13] = d > 75 && d <= 100 ? 1 : 0;
}

/** The probability of the second class for each instance, in one run. */
export async function probabilities(instances) {
  const features = new Float32Array(instances.length * WIDTH);
  for (let i = 0; i < instances.length; i++) writeFeatures(instances[i], features, i * WIDTH);
  const feeds = { [session.inputNames[0]]: new Tensor('float32', features, [instances.length, WIDTH]) };
  const { data } = (await session.run(feeds, ['probabilities'])).probabilities;
  const second = new Float32Array(instances.length);
  for (let i = 0; i < second.length; i++) second[i] = data[i * 2 + 1];
  return second;
}

export const labelOf = (probability) => CLASSES[probability > 0.5 ? 1 : 0];

export const rounded = (probability) => Math.round(probability * 1e6) / 1e6;
