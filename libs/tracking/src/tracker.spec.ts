import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newStore, trackerTo, valuesOf } from './testing/logged.js';
import { StubServer } from './testing/stub-server.js';
import type { Run } from './run.js';
import { TrackingError } from './tracking.error.js';

const DATASET = {
  name: 'dataset',
  digest: 'd'.repeat(64),
  sourceType: 'local',
  source: '{"uri":"data/raw/dataset.csv"}',
  schema: '[]',
};

describe('Tracker', () => {
  let server: StubServer;
  beforeEach(async () => (server = await StubServer.start()));
  afterEach(() => server.stop());

  const start = (settings = {}): Run =>
    trackerTo(server.uri, newStore(), settings).startRun({ experiment: 'forest', name: 'first' });

  function logEverything(run: Run): void {
    const folder = mkdtempSync(join(tmpdir(), 'skewless-artifacts-'));
    mkdirSync(join(folder, 'model'));
    writeFileSync(join(folder, 'model/MLmodel'), 'flavors:');
    writeFileSync(join(folder, 'plot of ROC.svg'), '<svg/>');
    run.logParams({ trees: 100, gini: true, criterion: 'gini' });
    run.setTags({ 'mlflow.source.git.commit': 'abc' });
    run.logInput(DATASET, 'training');
    run.logMetric('accuracy', 0.5, { step: 1, timestamp: 5 });
    run.logMetrics([{ key: 'accuracy', value: 0.75, step: 2, timestamp: 6 }]);
    run.logArtifact(join(folder, 'plot of ROC.svg'), 'plots');
    run.logArtifacts(folder);
    writeFileSync(join(folder, 'plot of ROC.svg'), 'changed after it was logged');
    run.registerModel({ name: 'random_forest', version: '2', artifactPath: 'model' });
    run.setAlias({ name: 'random_forest', version: '2' }, 'champion');
  }

  it('brings all that a run logs to the server', async () => {
    const run = start({ headers: { authorization: 'Bearer t' } });
    logEverything(run);
    expect(await run.end()).toMatchObject({ runId: 'run1', pending: 0, refusals: [] });
    const { mlflow } = server;
    expect(mlflow.experiments.get('forest')).toMatchObject({ experiment_id: '1' });
    const [there] = mlflow.runs;
    expect(there.info).toMatchObject({ run_name: 'first', status: 'FINISHED', end_time: expect.any(Number) });
    expect(Object.fromEntries(there.params)).toEqual({ trees: '100', gini: 'true', criterion: 'gini' });
    expect(Object.fromEntries(there.tags)).toEqual({ 'skewless.run_id': run.id, 'mlflow.source.git.commit': 'abc' });
    expect(there.metrics).toEqual([
      { key: 'accuracy', value: 0.5, step: 1, timestamp: 5 },
      { key: 'accuracy', value: 0.75, step: 2, timestamp: 6 },
    ]);
    expect(there.inputs).toEqual([
      {
        tags: [{ key: 'mlflow.data.context', value: 'training' }],
        dataset: expect.objectContaining({ name: 'dataset', digest: 'd'.repeat(36), source_type: 'local' }),
      },
    ]);
    expect([...mlflow.artifacts].map(([path, bytes]) => [path, bytes.toString()])).toEqual([
      ['1/run1/artifacts/plots/plot of ROC.svg', '<svg/>'],
      ['1/run1/artifacts/model/MLmodel', 'flavors:'],
      ['1/run1/artifacts/plot of ROC.svg', '<svg/>'],
    ]);
    expect(mlflow.versions).toMatchObject([
      { name: 'random_forest', source: 'mlflow-artifacts:/1/run1/artifacts/model', run_id: 'run1' },
    ]);
    expect(Object.fromEntries(mlflow.aliases)).toEqual({ 'random_forest@champion': '1' });
    expect(server.headers.authorization).toBe('Bearer t');
  });

  it('keeps the same record without a server, and sends it when there is one', async () => {
    const directory = newStore();
    const run = trackerTo(undefined, directory).startRun({ experiment: 'forest', name: 'first' });
    logEverything(run);
    expect(await run.end()).toEqual({ folder: run.directory, sent: 0, pending: 14, refusals: [] });
    const reports = await trackerTo(server.uri, directory).push();
    expect(reports).toMatchObject([{ runId: 'run1', sent: 14, pending: 0, refusals: [] }]);
    expect(server.mlflow.aliases.size).toBe(1);
    expect(await trackerTo(server.uri, directory).push()).toEqual([]);
  });

  it('sends what it logs while the run goes on', async () => {
    const run = start();
    run.logMetric('loss', 1);
    const logged = new Promise<void>(
      (resolve) => (server.onDone = (request) => request.endsWith('batch') && resolve()),
    );
    await logged;
    expect(valuesOf(server.mlflow.runs[0], 'loss')).toEqual([1]);
    await run.end();
  });

  it('keeps to the limits of MLflow, whatever the amount', async () => {
    const run = start();
    const metrics = Array.from({ length: 2_500 }, (_, step) => ({ key: 'loss', value: step / 7, step }));
    run.logMetrics(metrics);
    run.logParams(Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`p${i}`, 'é'.repeat(6_000)])));
    run.setTags(Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`t${i}`, '🌲'.repeat(5_000)])));
    expect(await run.end()).toMatchObject({ pending: 0, refusals: [] });
    const [there] = server.mlflow.runs;
    expect(valuesOf(there, 'loss')).toEqual(metrics.map(({ value }) => value));
    expect(there.params.size).toBe(250);
    expect(there.params.get('p0')).toBe('é'.repeat(6_000));
    expect(there.tags.get('t149')).toMatch(/^(🌲)+… \[cut, 10000 characters\]$/u);
  });

  it('logs NaN and the infinities', async () => {
    const run = start();
    run.logMetrics([NaN, Infinity, -Infinity, -0].map((value) => ({ key: 'loss', value })));
    await run.end('FAILED');
    expect(valuesOf(server.mlflow.runs[0], 'loss')).toEqual(['NaN', Number.MAX_VALUE, -Number.MAX_VALUE, 0]);
    expect(server.mlflow.runs[0].info.status).toBe('FAILED');
  });

  it('lets two runs create their experiment at once', async () => {
    const tracker = trackerTo(server.uri);
    const runs = [1, 2, 3].map(() => tracker.startRun({ experiment: 'new', name: 'n' }));
    for (const report of await Promise.all(runs.map((run) => run.end()))) expect(report.pending).toBe(0);
    expect(server.mlflow.experiments.size).toBe(1);
    expect(server.mlflow.runs).toHaveLength(3);
  });

  it('moves an alias outside of a run, to our version whatever number MLflow gave it', async () => {
    const tracker = trackerTo(server.uri);
    for (const version of ['7', '9']) {
      const run = tracker.startRun({ experiment: 'e', name: version });
      run.registerModel({ name: 'm', version, artifactPath: 'model' });
      run.setAlias({ name: 'm', version }, 'champion');
      await run.end();
    }
    tracker.setAlias({ name: 'm', version: '7' }, 'champion');
    tracker.setAlias({ name: 'm', version: '8' }, 'challenger');
    expect(await tracker.push()).toMatchObject([
      { sent: 1, pending: 0, refusals: [] },
      { sent: 1, pending: 0, refusals: [{ record: 0, reason: 'the server has no version 8 of the model "m"' }] },
    ]);
    expect(Object.fromEntries(server.mlflow.aliases)).toEqual({ 'm@champion': '1' });
  });

  it('does not set back an alias that was moved since, however late the record of the earlier move is sent', async () => {
    const store = newStore();
    for (const [version, uri] of Object.entries({ 7: undefined, 8: undefined, 9: server.uri })) {
      const run = trackerTo(uri, store).startRun({ experiment: 'e', name: version });
      run.registerModel({ name: 'm', version, artifactPath: 'model' });
      run.setAlias({ name: 'm', version }, 'champion');
      run.setAlias({ name: 'm', version }, `of-${version}`);
      await run.end();
      await sleep(2);
    }
    expect(await trackerTo(server.uri, store).push()).toMatchObject([{ pending: 0 }, { pending: 0 }]);
    const aliases = { 'm@champion': '1', 'm@of-9': '1', 'm@of-7': '2', 'm@of-8': '3' };
    expect(Object.fromEntries(server.mlflow.aliases)).toEqual(aliases);
  });

  it('tells mistakes before anything is recorded', async () => {
    const run = start();
    const before = readFileSync(join(run.directory, 'journal.jsonl'), 'utf8');
    run.logParams({ depth: 3 });
    run.logParams({ depth: 3 });
    const mistakes: (() => void)[] = [
      () => run.logParams({ width: 1, depth: 4 }),
      () => run.logMetric('a(b)', 1),
      () => run.logMetric('../a', 1),
      () => run.logMetric('k'.repeat(251), 1),
      () => run.logMetric('k', 1, { step: 0.5 }),
      () => run.setTags({ '': 'x' }),
      () => run.logArtifact('package.json', '../elsewhere'),
      () => run.registerModel({ name: `a'b`, version: '1', artifactPath: 'model' }),
      () => run.setAlias({ name: 'm', version: '1' }, 'v1'),
      () => run.logInput({ ...DATASET, source: 'x'.repeat(65_536) }, 'training'),
    ];
    for (const mistake of mistakes) expect(mistake).toThrow(TrackingError);
    const added = readFileSync(join(run.directory, 'journal.jsonl'), 'utf8').slice(before.length);
    expect(added).toBe('{"type":"param","key":"depth","value":"3"}\n');
    await run.end();
    expect(() => run.logMetric('late', 1)).toThrow(TrackingError);
    expect(() => trackerTo(undefined).push()).toThrow('set tracking.uri (MLFLOW_TRACKING_URI)');
  });
});
