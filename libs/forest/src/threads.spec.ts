import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { RandomStream } from './random/random-stream.js';
import { toOnnx } from './to-onnx.js';
import { trainModel } from './train-model.js';

/**
 * Under Jest there is no compiled worker beside the sources and training stays in one thread; so this runs the build
 * (`npm test` makes it) in a process of its own, where there are real worker threads.
 */
const BUILD = pathToFileURL(resolve('dist/libs/forest/src')).href;

function makeData(Random: typeof RandomStream) {
  const random = new Random(3, 3);
  const features = Array.from({ length: 5 }, () => Float32Array.from({ length: 500 }, () => random.below(1000)));
  const [x, y] = features;
  return { features, labels: Uint8Array.from(x, (value, i) => (value + y[i] + random.below(400)) / 801), classes: 3 };
}

const SCRIPT = `
  import { createHash } from 'node:crypto';
  import { toOnnx, trainModel } from '${BUILD}/index.js';
  import { hasWorkers } from '${BUILD}/random-forest/grow-in-workers.js';
  import { RandomStream } from '${BUILD}/random/random-stream.js';
  const data = (${makeData.toString()})(RandomStream);
  const names = { classes: ['a', 'b', 'c'], featureNames: ['1', '2', '3', '4', '5'] };
  const spec = { kind: 'random_forest', hyperparameters: { n_estimators: 30 } };
  const hashes = {};
  for (const threads of [1, 2, 3]) {
    const model = await trainModel(spec, data, { seed: 8, threads });
    hashes[threads] = createHash('sha256').update(toOnnx(model, names)).digest('hex');
  }
  const failure = (options) => trainModel(spec, data, { seed: 8, threads: 2, ...options }).catch(({ message }) => message);
  const controller = new AbortController();
  const abort = (done) => done === 3 && controller.abort(new Error('enough'));
  const aborted = await failure({ signal: controller.signal, onProgress: abort });
  const failed = await failure({ onProgress: () => { throw new Error('no listener'); } });
  console.log(JSON.stringify({ hasWorkers: hasWorkers(), hashes, aborted, failed }));
`;

it('gives the same bytes with 1, 2 and 3 threads and from the sources, and worker threads obey', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT]);
  const { hasWorkers, hashes, aborted, failed } = JSON.parse(stdout);
  expect(hasWorkers).toBe(true);
  const spec = { kind: 'random_forest', hyperparameters: { n_estimators: 30 } } as const;
  const model = await trainModel(spec, makeData(RandomStream), { seed: 8, threads: 1 });
  const bytes = toOnnx(model, { classes: ['a', 'b', 'c'], featureNames: ['1', '2', '3', '4', '5'] });
  const hash = createHash('sha256').update(bytes).digest('hex');
  expect(hashes).toEqual({ 1: hash, 2: hash, 3: hash });
  expect([aborted, failed]).toEqual(['enough', 'no listener']);
});
