import { ModelRegistry } from '#registry';
import { writeAliases, writeBundle } from '#bundle';
import { boot, type RunningApi } from './helper/boot.js';
import { temporaryFolder, tinyBundle, TURNED_FOREST, until } from '#testing';

/** `SWITCHES=1000 npm test -- test/switching.spec.ts` takes its time. */
const SWITCHES = Number(process.env.SWITCHES ?? 12);
const CLIENTS = 6;
const ROW = { weight_kg: 0, distance_km: 9000, value_eur: null };
/** Version 2 answers what version 1 never does. */
const ANSWERS: Record<string, string> = { 'tiny:1': 'air', 'tiny:2': 'road' };
const INPUTS = [
  { name: 'weight_kg', datatype: 'FP64', shape: [1], data: [0] },
  { name: 'distance_km', datatype: 'INT64', shape: [1], data: [9000] },
  { name: 'value_eur', datatype: 'FP64', shape: [1], data: [10] },
];

const models = temporaryFolder();
let api: RunningApi;

beforeAll(async () => {
  await writeBundle(models, tinyBundle());
  await writeBundle(models, tinyBundle({ version: '2', forest: TURNED_FOREST }));
  await writeAliases(models, 'tiny', { champion: '1' });
});
afterEach(() => api.close());

const promote = (version: string): Promise<void> => writeAliases(models, 'tiny', { champion: version });

interface Answered {
  readonly model_version: string;
  readonly prediction: string;
}

let answered = 0;

/** Asks in turn in each way, until it is told to stop. @returns how many answers each version gave */
async function ask(isOver: () => boolean): Promise<Record<string, number>> {
  const counts: Record<string, number> = { 'tiny:1': 0, 'tiny:2': 0 };
  const expectOne = ({ model_version, prediction }: Answered): void => {
    if (ANSWERS[model_version] !== prediction) throw new Error(`${model_version} answered ${prediction}`);
    counts[model_version]++;
    answered++;
  };
  const ways: (() => Promise<void>)[] = [
    '/predict',
    '/models/tiny/predict',
    '/models/tiny/versions/champion/predict',
  ].flatMap((path) => [
    async () => {
      const { status, text, body } = await api.post(path, ROW);
      expect([status, status === 200 || text]).toEqual([200, true]);
      expectOne(body as Answered);
    },
    async () => {
      const { status, text, body } = await api.post(`${path}/batch`, { instances: Array(40).fill(ROW) });
      expect([status, status === 200 || text]).toEqual([200, true]);
      expect(new Set(body.predictions.map(({ model_version }: Answered) => model_version)).size).toBe(1);
      body.predictions.forEach(expectOne);
    },
  ]);
  ways.push(async () => {
    const { status, text, body } = await api.post('/v2/models/tiny/infer', { inputs: INPUTS });
    expect([status, status === 200 || text]).toEqual([200, true]);
    const [prediction] = body.outputs[0].data as string[];
    expectOne({ model_version: `tiny:${body.model_version}`, prediction });
  });
  for (let i = 0; !isOver(); i++) await ways[i % ways.length]();
  return counts;
}

describe('A model that is switched under load', () => {
  it(
    `answers every request, each by the version that it names, through ${SWITCHES} switches`,
    async () => {
      await promote('1');
      api = await boot({ MODELS_DIR: models });
      const registry = api.app.get(ModelRegistry);
      let isOver = false;
      const clients = Array.from({ length: CLIENTS }, () => ask(() => isOver));
      const served: string[] = [];
      const switching = (async () => {
        for (let i = 0; i < SWITCHES; i++) {
          await promote(i % 2 === 0 ? '2' : '1');
          await registry.load();
          served.push(registry.model.manifest.version);
          const before = answered;
          while (!isOver && answered < before + CLIENTS) await new Promise(setImmediate);
        }
      })().finally(() => (isOver = true));
      const counts = await Promise.all(clients).finally(() => (isOver = true));
      await switching;
      expect(served).toEqual(Array.from({ length: SWITCHES }, (_, i) => (i % 2 === 0 ? '2' : '1')));
      for (const version of Object.keys(ANSWERS)) {
        expect(counts.reduce((sum, count) => sum + count[version], 0)).toBeGreaterThanOrEqual(SWITCHES / 2);
      }
    },
    Math.max(600_000, SWITCHES * 30_000),
  );

  it('is switched by nothing but a moved alias', async () => {
    await promote('1');
    api = await boot({ MODELS_DIR: models, MODELS_WATCH_SECONDS: '0.05' });
    const version = async (): Promise<string> => (await api.post('/predict', ROW)).body.model_version as string;
    expect(await version()).toBe('tiny:1');
    await promote('2');
    await until(async () => (await version()) === 'tiny:2');
    await promote('7');
    const degraded = await until(async () => {
      const { status, body } = await api.ask('/health/ready');
      return body.status === 'degraded' && { status, body };
    });
    expect([degraded.status, degraded.body.details.model.version]).toEqual([200, '2']);
    expect(degraded.body.details.model.message).toMatch(/tiny\/7\/manifest\.json: does not exist/);
    await promote('1');
    await until(async () => (await version()) === 'tiny:1');
    expect((await api.ask('/health/ready')).body.status).toBe('ok');
  });
});
