import { join } from 'node:path';
import { readBundle, writeBundle } from '#bundle';
import { FeaturePipeline } from '#features';
import { type MonitorStore, openStore } from '#monitoring';
import { ServedModel } from '#runtime';
import { wilson } from '#statistics';
import { temporaryFolder, tinyBundle, TURNED_FOREST } from '#testing';
import { replayLog } from './replay-log.js';

const folder = temporaryFolder();
const models = join(folder, 'models');
const first = tinyBundle();
const second = tinyBundle({ version: '2', forest: TURNED_FOREST });
const ROWS = first.golden.rows;
const idOf = (n: number): string => `0193f000-0000-7000-8000-${String(n).padStart(12, '0')}`;

interface Logged {
  readonly raw: string | null;
  readonly prediction: string;
  readonly score: number;
}

const logged: readonly Logged[] = ROWS.map(({ input, prediction, probabilities }) => ({
  raw: JSON.stringify(input),
  prediction: String(prediction),
  score: Math.max(...probabilities),
}));

async function storeOf(name: string, rows: readonly Logged[]): Promise<MonitorStore> {
  const store = await openStore({ store: join(folder, name), schema: 'skewless', maxBytes: 1e9 });
  const { classes } = first.manifest;
  await store.keep('version/tiny/1', { model: 'tiny', version: '1', loadedAt: 0, classes });
  const none = rows.map(() => null);
  await store.append({
    producer: name,
    sequence: 1,
    rows: {
      ids: rows.map((_, n) => idOf(n)),
      externalIds: none,
      models: rows.map(() => 'tiny'),
      versions: rows.map(() => '1'),
      predictions: rows.map(({ prediction }) => prediction),
      scores: rows.map(({ score }) => score),
      slices: none,
      raw: rows.map(({ raw }) => raw),
      weights: rows.map(({ raw }) => (raw === null ? null : 1)),
    },
  });
  return store;
}

describe('replayLog', () => {
  const opened: Record<string, ServedModel> = {};
  beforeAll(async () => {
    for (const bundle of [first, second]) {
      const directory = await writeBundle(models, bundle);
      opened[bundle.manifest.version] = await ServedModel.open(await readBundle(directory), new FeaturePipeline(), {
        threads: 1,
        maxPendingRows: Infinity,
      });
    }
  });
  afterAll(() => Promise.all(Object.values(opened).map((model) => model.close())));

  it('finds that a version agrees with itself on every row', async () => {
    const store = await storeOf('itself', logged);
    const rows = ROWS.length;
    expect(await replayLog(store, opened[1])).toEqual({
      rows,
      agreed: rows,
      disagreed: 0,
      share: 1,
      ...wilson({ count: rows, rows }),
      largest_difference: { by: 0, prediction_id: idOf(0) },
      answered_by: { 1: rows },
      not_kept: 0,
      not_taken: 0,
    });
    await store.close();
  });

  it('finds where another version differs, and by how much', async () => {
    const store = await storeOf('another', logged);
    // The other version's golden rows are the same rows.
    const agreed = ROWS.filter(({ prediction }, i) => second.golden.rows[i].prediction === prediction).length;
    const apart = ROWS.map(({ prediction, probabilities }, i) => {
      const label = first.manifest.classes.indexOf(prediction);
      return Math.abs(second.golden.rows[i].probabilities[label] - probabilities[label]);
    });
    const by = Math.max(...apart);
    const found = await replayLog(store, opened[2]);
    expect(agreed).toBeLessThan(ROWS.length);
    expect(by).toBeGreaterThan(0);
    expect(found).toMatchObject({ rows: ROWS.length, agreed, disagreed: ROWS.length - agreed });
    expect(found.largest_difference).toEqual({ by, prediction_id: idOf(apart.indexOf(by)) });
    await store.close();
  });

  it('counts rows that were not kept, and rows that the version rejects', async () => {
    const strange: Logged[] = [
      { ...logged[0], raw: null },
      { ...logged[1], raw: '{"weight_kg":1,"distance_km":5}' },
      { ...logged[2], raw: '{"weight_kg":-1,"distance_km":5,"value_eur":1}' },
      ...logged.slice(3),
    ];
    const store = await storeOf('strange', strange);
    const rows = strange.length - 3;
    expect(await replayLog(store, opened[1])).toMatchObject({ rows, agreed: rows, not_kept: 1, not_taken: 2 });
    await store.close();
  });

  it('explains how to keep rows where none are kept, and why all are rejected', async () => {
    const bare = await storeOf(
      'bare',
      logged.map((row) => ({ ...row, raw: null })),
    );
    await expect(replayLog(bare, opened[1])).rejects.toThrow(
      `No raw row of tiny is stored (${ROWS.length} predictions have none): set monitor.rows to sample or all (MONITOR_ROWS=sample, or monitor: { rows: sample } in config/models/tiny.yaml), and replay after servers have answered requests with it.`,
    );
    await bare.close();
    const lacking = await storeOf('lacking', [{ ...logged[0], raw: '{"weight_kg":1,"distance_km":5}' }]);
    await expect(replayLog(lacking, opened[1])).rejects.toThrow(
      'tiny/1 takes none of the 1 raw rows that are kept, most often as "value_eur" is not kept (monitor.excluded)',
    );
    await lacking.close();
  });
});
