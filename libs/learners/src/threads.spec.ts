import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { LearnerSpec } from './hyperparameters.js';
import { RandomStream } from '#kit';
import { toOnnx } from './to-onnx.js';
import { trainModel } from './train-model.js';

/**
 * Under Jest there is no compiled worker beside the sources and training stays in one thread. So this runs the build
 * (made by `npm test`) in its own process, where there are real worker threads.
 */
const BUILD = pathToFileURL(resolve('dist/libs/learners/src')).href;
const KIT = pathToFileURL(resolve('dist/libs/kit/src/index.js')).href;

function makeData(Random: typeof RandomStream) {
  const random = new Random(3, 3);
  const features = Array.from({ length: 10 }, () => Float32Array.from({ length: 9_000 }, () => random.below(1000)));
  const [x, y] = features;
  return { features, labels: Uint8Array.from(x, (value, i) => (value + y[i] + random.below(400)) / 801), classes: 3 };
}

const FEW = 10;
const SPECS: readonly LearnerSpec[] = [
  { kind: 'random_forest', hyperparameters: { n_estimators: FEW } },
  { kind: 'gradient_boosting', hyperparameters: { n_estimators: 1, max_depth: 5 } },
  { kind: 'random_forest', hyperparameters: { n_estimators: 120, max_depth: 6 } },
  // With min_samples_leaf above 1, histograms also count rows; deep trees have more nodes than a batch.
  { kind: 'gradient_boosting', hyperparameters: { n_estimators: 40, max_depth: 12 } },
  { kind: 'gradient_boosting', hyperparameters: { n_estimators: 40, max_depth: 7, min_samples_leaf: 5, l2: 0 } },
];

const SCRIPT = `
  import { createHash } from 'node:crypto';
  import { toOnnx, trainModel } from '${BUILD}/index.js';
  import { hasWorkers } from '${BUILD}/random-forest/grow-trees.js';
  import { isCompiled } from '${BUILD}/gradient-boosting/thread-pool/start-helpers.js';
  import { RandomStream } from '${KIT}';
  const makeData = ${makeData.toString()};
  const data = makeData(RandomStream);
  const names = { classes: ['a', 'b', 'c'], featureNames: data.features.map((_, f) => String(f)) };
  const specs = ${JSON.stringify(SPECS)};
  const hashes = [];
  for (const spec of specs) {
    const ofThreads = {};
    for (const threads of [1, 2, 3]) {
      const model = await trainModel(spec, data, { seed: 8, threads });
      ofThreads[threads] = createHash('sha256').update(toOnnx(model, names)).digest('hex');
    }
    hashes.push(ofThreads);
  }
  const outcomes = [];
  for (const spec of specs.slice(2, 4)) {
    const failure = (options) => trainModel(spec, data, { seed: 8, threads: 2, ...options }).catch(({ message }) => message);
    const controller = new AbortController();
    const abort = (done) => done === 3 && controller.abort(new Error('enough'));
    outcomes.push(await failure({ signal: controller.signal, onProgress: abort }));
    outcomes.push(await failure({ onProgress: () => { throw new Error('no listener'); } }));
  }
  console.log(JSON.stringify({ workers: [hasWorkers(), isCompiled()], hashes, outcomes }));
`;

it('gives the same bytes with 1, 2 and 3 threads and from the sources, and worker threads obey', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    timeout: 240_000,
  });
  const { workers, hashes, outcomes } = JSON.parse(stdout);
  expect(workers).toEqual([true, true]);
  for (const [i, spec] of SPECS.entries()) {
    expect(hashes[i]).toEqual({ 1: hashes[i][1], 2: hashes[i][1], 3: hashes[i][1] });
    // Sources run slowly here: the larger trainings are only compared with each other.
    if ((spec.hyperparameters as { n_estimators: number }).n_estimators > FEW) continue;
    const model = await trainModel(spec, makeData(RandomStream), { seed: 8, threads: 1 });
    const featureNames = Array.from({ length: 10 }, (_, f) => String(f));
    const bytes = toOnnx(model, { classes: ['a', 'b', 'c'], featureNames });
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(hashes[i][1]);
  }
  expect(outcomes).toEqual(['enough', 'no listener', 'enough', 'no listener']);
});
