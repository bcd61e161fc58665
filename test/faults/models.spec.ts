import { cpSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelRegistry } from '#registry';
import { writeAliases } from '#bundle';
import { boot, type RunningApi } from '../helper/boot.js';
import { temporaryFolder, TINY_ROWS, writeTinyBundle } from '#testing';
import { faultsOf } from './helper/fault.js';
import { writeLookupBundle } from './helper/lookup-bundle.js';

const fault = faultsOf('Models that are broken');

/** Flips one bit in the middle of a file. */
function flipBit(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
}

const edit = (path: string, change: (text: string) => string): void =>
  writeFileSync(path, change(readFileSync(path, 'utf8')));

/** What is done to version 2 before it is made the champion, and what the reason must name. */
const DAMAGES: readonly (readonly [name: string, damage: (version: string) => void, reason: RegExp])[] = [
  ['model.onnx cut in half', (v) => truncateSync(join(v, 'model.onnx'), 300), /model\.onnx: has SHA-256/],
  ['a bit of model.onnx flipped', (v) => flipBit(join(v, 'model.onnx')), /model\.onnx: has SHA-256/],
  ['golden.json cut short', (v) => truncateSync(join(v, 'golden.json'), 100), /golden\.json: has SHA-256/],
  ['manifest.json cut short', (v) => truncateSync(join(v, 'manifest.json'), 50), /manifest\.json: is not valid JSON/],
  [
    'manifest.json of noise',
    (v) => writeFileSync(join(v, 'manifest.json'), '\0\xff{'),
    /manifest\.json: is not valid JSON/,
  ],
  [
    'the model of another bundle in its place',
    (v) => cpSync('models/random_forest/1/model.onnx', join(v, 'model.onnx')),
    /model\.onnx: is over \d+ bytes/,
  ],
  [
    'the whole folder of another model',
    (v) => cpSync('models/random_forest/1', v, { recursive: true }),
    /manifest\.json: belongs to random_forest\/1, but is in the folder tiny\/2/,
  ],
  [
    'a symbolic link instead of model.onnx',
    (v) => {
      renameSync(join(v, 'model.onnx'), join(v, 'elsewhere.onnx'));
      symlinkSync(join(v, 'elsewhere.onnx'), join(v, 'model.onnx'));
    },
    /model\.onnx: is not a regular file/,
  ],
  [
    'a file named ../1/model.onnx in the manifest',
    (v) => edit(join(v, 'manifest.json'), (text) => text.replace('"model.onnx"', '"../1/model.onnx"')),
    /manifest\.json: files/,
  ],
  [
    'an alias that climbs out of the folder',
    (v) => writeFileSync(join(v, '..', 'aliases.json'), '{"champion":"../../elsewhere"}'),
    /aliases\.json: champion must match pattern/,
  ],
];

fault(
  'a broken version 2 becomes the champion',
  {
    load: `${DAMAGES.length} ways: ${DAMAGES.map(([name]) => name).join('; ')}`,
    expected: 'refused with the file and the reason; version 1 goes on serving, readiness stays 200 and says so',
  },
  async () => {
    for (const [, damage, reason] of DAMAGES) {
      const models = temporaryDirectory();
      await writeTinyBundle(models, { version: '1' });
      const api = await boot({ MODELS_DIR: models });
      await writeTinyBundle(models, { version: '2' });
      damage(join(models, 'tiny', '2'));
      await api.app.get(ModelRegistry).load();
      const ready = await api.ask('/health/ready');
      expect([ready.status, ready.text]).toEqual([200, expect.stringMatching(reason)]);
      const { status, body } = await api.post('/predict', TINY_ROWS[0]);
      expect([status, body.model_version]).toEqual([200, 'tiny:1']);

      // Mended, it is loaded.
      await writeTinyBundle(models, { version: '3' });
      await writeAliases(models, 'tiny', { champion: '3' });
      await api.app.get(ModelRegistry).load();
      expect((await api.post('/predict', TINY_ROWS[0])).body.model_version).toBe('tiny:3');
      await api.close();
    }
    return `${DAMAGES.length} of ${DAMAGES.length} refused with their reason, version 1 answered; a sound version 3 took over`;
  },
);

const folder = temporaryFolder();
let folders = 0;
const temporaryDirectory = (): string => join(folder, String(++folders));

async function withLookup(use: (api: RunningApi) => Promise<string>): Promise<string> {
  const models = temporaryDirectory();
  await writeLookupBundle(models);
  const api = await boot({ MODELS_DIR: models });
  return use(api).finally(() => api.close());
}

const failure = (detail: string) => ({
  type: 'urn:skewless:problem:model-failure',
  title: 'The model failed on this input',
  status: 500,
  detail,
  instance: expect.stringMatching(/^\/predict/) as string,
  request_id: expect.any(String) as string,
});

fault(
  'a model that answers Infinity or NaN',
  {
    load: 'single and in a batch',
    expected: 'a problem that says so, never a body that is no JSON; others are answered',
  },
  () =>
    withLookup(async (api) => {
      for (const index of [2, 3]) {
        const { status, body } = await api.post('/predict', { index });
        expect([status, body]).toEqual([
          500,
          failure("The model answered no finite probability; the server's log says more."),
        ]);
      }
      const batch = await api.post('/predict/batch', { instances: [{ index: 0 }, { index: 2 }] });
      expect([batch.status, batch.body]).toEqual([
        500,
        failure("The model answered no finite probability at instances[1]; the server's log says more."),
      ]);
      const together = await Promise.all([0, 2, 1].map((index) => api.post('/predict', { index })));
      expect(together.map(({ status }) => status)).toEqual([200, 500, 200]);
      return 'problem model-failure that names the row; neighbours 200';
    }),
);

fault(
  'a model that always throws',
  {
    load: '100 requests at once, and good ones between them',
    expected: 'each a problem, each good one answered, the process lives',
  },
  () =>
    withLookup(async (api) => {
      const indices = Array.from({ length: 100 }, (_, i) => (i % 4 === 0 ? 1 : 9));
      const answers = await Promise.all(indices.map((index) => api.post('/predict', { index })));
      expect(answers.map(({ status }) => status)).toEqual(indices.map((index) => (index === 1 ? 200 : 500)));
      expect(answers[1].body).toEqual(failure("The model failed; the server's log says more."));
      expect((await api.ask('/health/ready')).status).toBe(200);
      expect((await api.post('/predict', { index: 1 })).body).toMatchObject({ prediction: 'yes', probability: 0.75 });
      return '75 problems, 25 x 200 in between, still ready';
    }),
);
