import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { readAliases, writeAliases, writeBundle } from '#bundle';
import { type MonitorStore, openStore } from '#monitoring';
import { ModelRegistry } from '#registry';
import { countsOf, FileQueue, Rollouts, rolloutStatus, startRollout, tendRollout } from '#renewal';
import { temporaryFolder, tinyBundle, TURNED_FOREST, until } from '#testing';
import { boot, type RunningApi } from '../helper/boot.js';

const HOUR = 3_600_000;
const ROW = { weight_kg: 0, distance_km: 9000, value_eur: null };
/** What version 1 answers; version 3 answers the same, version 2 another class. */
const RIGHT = 'air';

describe('A rollout that moves by what it shows', () => {
  const folder = temporaryFolder();
  const models = join(folder, 'models');
  const monitor = { store: join(folder, 'monitor'), schema: 'skewless_monitor', maxBytes: 2 ** 30 };
  const queue = new FileQueue(join(folder, 'jobs'));
  const pace = {
    // So small that chance does not accuse a version that is as good.
    errorBudget: 0.001,
    lossMargin: 0.3,
    latencyRatio: 1_000,
    scoreShift: 0.25,
    shadowHours: 0,
    stepHours: 0,
    minimumRequests: 10,
    maxHoldHours: 168,
    atMaxHold: 'keep_champion' as const,
    watchHours: 0,
    labelDelayHours: 0,
  };
  let api: RunningApi;
  let store: MonitorStore;
  let sequence = 0;

  beforeAll(async () => {
    await writeBundle(models, tinyBundle());
    await writeBundle(models, tinyBundle({ version: '2', forest: TURNED_FOREST }));
    await writeBundle(models, tinyBundle({ version: '3' }));
    await writeAliases(models, 'tiny', { champion: '1' });
    store = await openStore(monitor);
    api = await boot({
      MODELS_DIR: models,
      MONITOR_ENABLED: 'true',
      MONITOR_STORE: monitor.store,
      LOG_LEVEL: 'silent',
    });
  });
  afterAll(async () => {
    await api.close();
    await store.close();
  });

  const tending = () => ({ models, store, pace, watchSeconds: 0 });
  const producer = randomUUID();
  const follow = () => api.app.get(ModelRegistry).load();
  const begin = async (version: string) => {
    await startRollout({ directory: models }, 'tiny', { version, steps: [50], mode: 'auto' }, 'a test');
    await follow();
  };
  let answered = 0;
  /** Asks so often and labels the answers, by callers that are told apart. */
  const ask = async (times: number): Promise<Record<string, number>> => {
    const ids: string[] = [];
    const counts: Record<string, number> = {};
    for (let n = 0; n < times; n++) {
      const { status, body } = await api.post('/predict', ROW, { 'x-routing-key': `caller ${answered + n}` });
      expect(status).toBe(200);
      ids.push(body.prediction_id as string);
      counts[body.model_version as string] = (counts[body.model_version as string] ?? 0) + 1;
    }
    const labels = { ids, labels: ids.map(() => RIGHT), observedAt: ids.map((_, n) => Date.now() + n) };
    await store.append({ producer, sequence: ++sequence, labels });
    answered += times;
    return counts;
  };
  const status = () => rolloutStatus(models, 'tiny', queue);
  /** Looks until something is decided other than to hold. */
  const tend = () =>
    until(async () => {
      const decision = await tendRollout('tiny', { ...tending(), now: Date.now() + 1 });
      if (decision?.kind === 'hold') return false;
      await follow();
      return decision;
    });

  it('says that nothing moves while nobody asks', async () => {
    await begin('2');
    for (const later of [0, HOUR]) {
      const decision = await tendRollout('tiny', { ...tending(), now: Date.now() + later });
      expect(decision).toEqual({ kind: 'hold', reason: 'inconclusive: no traffic' });
    }
    expect(await status()).toMatchObject({
      state: 'shadow',
      reason: 'inconclusive: no traffic',
      evidence: [
        { guard: 'pairs', n: 0, verdict: 'inconclusive' },
        { guard: 'loss', n: 0, verdict: 'inconclusive', note: 'no labels yet' },
      ],
    });
  });

  it('ends a version that is bad in the shadow, before it has answered anybody', async () => {
    expect(await ask(60)).toEqual({ 'tiny:1': 60 });
    const decision = await tend();
    expect(decision).toEqual({ kind: 'rollback', reason: expect.stringContaining('worse: pairs: ') as string });
    const { state, evidence } = await status();
    expect([state, evidence[0]]).toEqual([
      'rolled_back',
      expect.objectContaining({ guard: 'pairs', verdict: 'worse' }),
    ]);
    expect((await readAliases(models, 'tiny'))?.champion).toBe('1');
  });

  it('takes a version that is as good from the shadow over the canary to the champion', async () => {
    await begin('3');
    expect(await ask(200)).toEqual({ 'tiny:1': 200 });
    expect(await tend()).toEqual({ kind: 'advance', reason: 'no guard speaks against it' });
    expect(await status()).toMatchObject({ state: 'canary', weight: 0.5 });
    const counts = await ask(60);
    expect(Object.keys(counts).sort()).toEqual(['tiny:1', 'tiny:3']);
    await until(async () => {
      const day = Date.now() - 24 * HOUR;
      const counts = await store.counts({ model: countsOf('tiny'), scale: 'minute', from: day, to: day + 48 * HOUR });
      return (
        new Set(counts.filter(({ column }) => column.endsWith('/gaps/value_eur')).map(({ version }) => version)).size >
        1
      );
    });
    // Rows that are answered before all servers must have followed count for nothing: the canary waits for others.
    const decision = await until(async () => {
      await ask(10);
      const one = await tendRollout('tiny', { ...tending(), now: Date.now() + 1 });
      return one?.kind === 'hold' ? false : one;
    });
    expect(decision).toEqual({ kind: 'advance', reason: 'no guard speaks against it' });
    await follow();
    const promoted = await status();
    expect(promoted).toMatchObject({ state: 'promoted', champion: '3' });
    expect(promoted.evidence.find(({ guard }) => guard === 'gaps')).toMatchObject({
      verdict: 'no worse',
      note: expect.stringMatching(
        /^most in value_eur: \d+\.\d % of the requests of the challenger, \d+\.\d % of the champion’s$/,
      ),
    });
    expect(await tend()).toEqual({ kind: 'advance', reason: 'servers have followed' });
    expect(await ask(10)).toEqual({ 'tiny:3': 10 });
    expect(await tend()).toEqual({ kind: 'advance', reason: 'nothing was against it for 0 hours' });
    expect(await status()).toMatchObject({ state: 'settled', champion: '3', weight: 0 });
  });

  it('goes back from a champion that is bad live, by the one from before in its shadow', async () => {
    await begin('2');
    await new Rollouts(models).step('tiny', { kind: 'promote' }, { reason: 'good offline' });
    await follow();
    expect(await tend()).toEqual({ kind: 'advance', reason: 'servers have followed' });
    const watching = { ...pace, watchHours: 24 };
    expect(await ask(60)).toEqual({ 'tiny:2': 60 });
    const decision = await until(async () => {
      const one = await tendRollout('tiny', { ...tending(), pace: watching, now: Date.now() + 1 });
      return one?.kind === 'hold' ? false : one;
    });
    expect(decision).toEqual({ kind: 'rollback', reason: expect.stringContaining('worse: pairs: ') as string });
    await follow();
    expect(await ask(5)).toEqual({ 'tiny:3': 5 });
  });

  it('leaves nothing out of the log: each answer is there with its version', async () => {
    const rows = await until(async () => {
      const found = [];
      for await (const row of store.predictions({ model: 'tiny', from: 0, to: Date.now() + HOUR })) found.push(row);
      return found.length === answered && found;
    });
    expect(new Set(rows.map(({ version }) => version))).toEqual(new Set(['1', '2', '3']));
    for (const { version, prediction } of rows) expect(prediction === RIGHT).toBe(version !== '2');
  });

  it('shows both sides and the shadow in the metrics', async () => {
    // The shadow of the last answers may still be on its way.
    const text = await until(async () => {
      const { text } = await api.ask('/metrics');
      return /skewless_shadow_rows_total\{model="tiny",outcome="disagreed"\} 120\n/.test(text) && text;
    });
    expect(text).toMatch(/skewless_shadow_rows_total\{model="tiny",outcome="agreed"\} 2\d\d\n/);
    expect(text).toContain('skewless_rollout_dropped_rows_total 0');
  });
});
