import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newStore, trackerTo, valuesOf } from '../testing/logged.js';
import { type StubFault, StubServer } from '../testing/stub-server.js';
import { Tracker } from '../tracker.js';

describe('a server that misbehaves', () => {
  let server: StubServer;
  let directory: string;
  beforeEach(async () => {
    server = await StubServer.start();
    directory = newStore();
  });
  afterEach(() => server.stop());

  const log = async (settings = {}) => {
    const run = trackerTo(server.uri, directory, settings).startRun({ experiment: 'e', name: 'n' });
    run.logMetrics([1, 2, 3].map((value) => ({ key: 'loss', value })));
    return run.end();
  };
  const push = () => trackerTo(server.uri, directory).push();
  const always = (fault: StubFault) => () => fault;

  it.each(['drop', 'error', 'throttle', 'hang'] as const)(
    '%s: ends the run, and the rest goes later',
    async (fault) => {
      server.fault = always(fault);
      const report = await log({ timeoutMilliseconds: 30, retries: 1 });
      expect(report).toMatchObject({ sent: 0, pending: 5, refusals: [] });
      expect(report.problem).toMatch(/answered 500|answered 429|gave no answer/);
      server.fault = always('none');
      expect(await push()).toMatchObject([{ sent: 5, pending: 0 }]);
      expect(valuesOf(server.mlflow.runs[0], 'loss')).toEqual([1, 2, 3]);
    },
  );

  it('that is not there at all ends the run too', async () => {
    const gone = await StubServer.start();
    const { uri } = gone;
    await gone.stop();
    const run = trackerTo(uri, directory).startRun({ experiment: 'e', name: 'n' });
    expect(await run.end()).toMatchObject({ pending: 2, problem: expect.stringMatching(/ECONNREFUSED/) });
  });

  it('that hangs for ever is left when the time for the end is over', async () => {
    server.fault = always('hang');
    expect(await log({ timeoutMilliseconds: 600_000, flushMilliseconds: 20 })).toMatchObject({ pending: 5 });
  });

  it('is not waited for once the signal aborts: a push stops, a run ends', async () => {
    const patient = { uri: server.uri, timeoutMilliseconds: 600_000, flushMilliseconds: 600_000 };
    const stop = new AbortController();
    const tracker = new Tracker({ directory, server: patient, signal: stop.signal });
    server.fault = () => {
      stop.abort(new Error('stopped'));
      return 'hang';
    };
    const run = tracker.startRun({ experiment: 'e', name: 'n' });
    expect(await run.end()).toMatchObject({ sent: 0, pending: 2 });
    await expect(tracker.push()).rejects.toThrow('stopped');
    server.fault = always('none');
    expect(await push()).toMatchObject([{ sent: 2, pending: 0 }]);
  });

  it.each(['drop-after', 'error-after', 'error-half', 'hang-after'] as const)(
    '%s: what it carried out without saying so is not sent again',
    async (fault) => {
      const faulted = new Set<string>();
      server.fault = (request) => {
        if (!request.startsWith('POST') || faulted.has(request)) return 'none';
        faulted.add(request);
        return fault;
      };
      const run = trackerTo(server.uri, directory, { timeoutMilliseconds: 200 }).startRun({
        experiment: 'e',
        name: 'n',
      });
      run.logMetrics([1, 1, NaN, Infinity, 2].map((value) => ({ key: 'loss', value, timestamp: 7 })));
      run.registerModel({ name: 'm', version: '1', artifactPath: 'model' });
      expect(await run.end()).toMatchObject({ pending: 0 });
      expect(server.mlflow.runs).toHaveLength(1);
      expect(valuesOf(server.mlflow.runs[0], 'loss')).toEqual([1, 1, 'NaN', Number.MAX_VALUE, 2]);
      expect(server.mlflow.versions).toHaveLength(1);
    },
  );

  it('that lost a metric which an acknowledged one equals gets it again', async () => {
    const run = trackerTo(undefined, directory).startRun({ experiment: 'e', name: 'n' });
    run.logMetric('loss', 1, { timestamp: 7 });
    run.logArtifact('package.json');
    run.logMetric('loss', 1, { timestamp: 7 });
    await run.end();
    let batches = 0;
    server.fault = (request) => (request.endsWith('log-batch') && ++batches === 2 ? 'drop' : 'none');
    expect(await push()).toMatchObject([{ pending: 0 }]);
    expect(valuesOf(server.mlflow.runs[0], 'loss')).toEqual([1, 1]);
  });

  it('never asks again after 4xx, and leaves everything for later', async () => {
    const realAnswer = server.mlflow.answer.bind(server.mlflow);
    server.mlflow.experiments.set('e', { experiment_id: '1', name: 'e', lifecycle_stage: 'deleted' });
    expect(await log()).toMatchObject({ sent: 0, pending: 5, problem: expect.stringContaining('is deleted') });
    expect(server.requests.length).toBeLessThanOrEqual(2);
    server.mlflow.answer = realAnswer;
    server.mlflow.experiments.get('e')!.lifecycle_stage = 'active';
    expect(await push()).toMatchObject([{ pending: 0 }]);
  });

  it('goes past what the server will never take, and says what it was', async () => {
    const run = trackerTo(undefined, directory).startRun({ experiment: 'e', name: 'n' });
    run.logMetrics(Array.from({ length: 40 }, (_, value) => ({ key: value === 17 ? 'poison' : 'loss', value })));
    await run.end();
    const answer = server.mlflow.answer.bind(server.mlflow);
    server.mlflow.answer = (endpoint, query, body, bytes) =>
      JSON.stringify(body).includes('poison')
        ? answer(endpoint, query, { ...body, params: [{ key: '(', value: '' }] }, bytes)
        : answer(endpoint, query, body, bytes);
    const [report] = await push();
    expect(report).toMatchObject({ pending: 0, refusals: [{ record: 18, reason: expect.stringContaining('Param') }] });
    expect(server.mlflow.runs[0].metrics).toHaveLength(39);
  });

  it('does not take a deleted run for refused records', async () => {
    const run = trackerTo(server.uri, directory).startRun({ experiment: 'e', name: 'n' });
    server.onDone = (request) => {
      if (request === 'POST runs/create') server.mlflow.runs[0].info.lifecycle_stage = 'deleted';
    };
    run.logMetric('loss', 1);
    expect(await run.end()).toMatchObject({ pending: 2, refusals: [], problem: expect.stringContaining('is deleted') });
    server.mlflow.runs[0].info.lifecycle_stage = 'active';
    await push();
    expect(valuesOf(server.mlflow.runs[0], 'loss')).toEqual([1]);
  });

  it('that keeps artifacts elsewhere gets all the rest', async () => {
    server.mlflow.artifactRoot = 's3://bucket/';
    const run = trackerTo(server.uri, directory).startRun({ experiment: 'e', name: 'n' });
    run.logArtifact('package.json');
    const report = await run.end();
    expect(report).toMatchObject({ pending: 0, refusals: [{ record: 1, reason: expect.stringContaining('s3://') }] });
    expect(server.mlflow.runs[0].info.status).toBe('FINISHED');
  });

  it('gets no artifact that was changed after it was logged, and a later one of the same name once', async () => {
    const run = trackerTo(undefined, directory).startRun({ experiment: 'e', name: 'n' });
    run.logArtifact('package.json');
    run.logArtifact('tsconfig.json');
    run.logArtifact('package.json');
    await run.end();
    writeFileSync(join(run.directory, 'artifacts/tsconfig.json'), 'changed');
    const [report] = await push();
    expect(report.refusals).toEqual([{ record: 2, reason: expect.stringContaining('was changed') }]);
    expect([...server.mlflow.artifacts.keys()]).toEqual(['1/run1/artifacts/package.json']);
    expect(server.requests.filter((request) => request.startsWith('PUT'))).toHaveLength(1);
  });

  it('is asked about the other runs when it fails for one, unless it is gone', async () => {
    for (const name of ['a', 'b', 'c'])
      await trackerTo(undefined, directory).startRun({ experiment: name, name }).end();
    let runs = 0;
    server.fault = (request) => (request === 'POST runs/create' && runs++ < 3 ? 'error' : 'none');
    expect((await push()).map(({ pending }) => pending)).toEqual([2, 0, 0]);
    server.fault = always('drop');
    await trackerTo(undefined, directory).startRun({ experiment: 'd', name: 'd' }).end();
    expect(await push()).toMatchObject([{ pending: 2, isUnreachable: true }]);
  });
});
