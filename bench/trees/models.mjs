import { readFileSync } from 'node:fs';
import { ensembleClassifier } from '../../dist/libs/onnx/src/index.js';

/** Mulberry32 (Tommy Ettinger, 2017): numbers from 0 to 1, the same on every machine. */
export function uniforms(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FEATURES = 14;

/** Trees whose leaves were split at random until there were so many, or all are as deep. */
function grown({ trees, depth, leaves, outputs, link, seed }) {
  const random = uniforms(seed);
  const [feature, threshold, left, right, roots, leafValues] = [[], [], [], [], [], []];
  let leaf = 0;
  const add = () => {
    feature.push(0);
    threshold.push(0);
    right.push(-1);
    return left.push(-1) - 1;
  };
  for (let tree = 0; tree < trees; tree++) {
    const root = add();
    roots.push(root);
    const open = [{ node: root, level: 0 }];
    for (let count = 1; count < leaves && open.length > 0;) {
      const [{ node, level }] = open.splice(Math.floor(random() * open.length), 1);
      if (level === depth) continue;
      feature[node] = Math.floor(random() * FEATURES);
      threshold[node] = Math.fround(4 * random() - 2);
      left[node] = add();
      right[node] = add();
      open.push({ node: left[node], level: level + 1 }, { node: right[node], level: level + 1 });
      count++;
    }
    for (let node = root; node < left.length; node++) {
      if (left[node] !== -1) continue;
      right[node] = leaf++;
      const share = Math.fround(random());
      leafValues.push(...(outputs === 2 ? [share, Math.fround(1 - share)] : [share / 10 - 0.05]));
    }
  }
  return {
    features: FEATURES,
    outputs,
    input: 'float32',
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    comparison: new Uint8Array(left.length),
    missingLeft: new Uint8Array(left.length),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    cover: new Float64Array(0),
    setStart: new Int32Array(0),
    setCodes: new Int32Array(0),
    roots: Int32Array.from(roots),
    firstOutput: new Int32Array(trees),
    leafWidth: outputs,
    leafValues: Float64Array.from(leafValues, Math.fround),
    baseValues: new Float64Array(outputs),
    join: outputs === 2 ? 'mean' : 'sum',
    link,
  };
}

const graphOf = (range) => ensembleClassifier(grown(range), [0, 1], 'float32');

/** By name: the bytes of an ONNX model of 14 float32 features. */
export const MODELS = {
  'forest: 100 trees, depth 10, 25 leaves each': () => readFileSync('models/random_forest/1/model.onnx'),
  'boosting: 100 trees, depth 6': () =>
    graphOf({ trees: 100, depth: 6, leaves: 64, outputs: 1, link: 'logistic', seed: 1 }),
  'wide: 100 trees, depth 10, 320 leaves each': () =>
    graphOf({ trees: 100, depth: 10, leaves: 320, outputs: 2, link: 'identity', seed: 2 }),
  'big: 500 trees, depth 8': () =>
    graphOf({ trees: 500, depth: 8, leaves: 256, outputs: 1, link: 'logistic', seed: 3 }),
};
