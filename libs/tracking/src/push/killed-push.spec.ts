import { jest } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { newStore, trackerTo, valuesOf } from '../testing/logged.js';
import { StubServer } from '../testing/stub-server.js';

jest.setTimeout(600_000);

/** The compiled tracker, run in a process that can be killed. */
const TRACKER = pathToFileURL(resolve('dist/libs/tracking/src/tracker.js')).href;

describe('kill -9', () => {
  let server: StubServer;
  beforeEach(async () => (server = await StubServer.start()));
  afterEach(() => server.stop());

  const script = (directory: string, body: string): string => `
    const { Tracker } = await import(${JSON.stringify(TRACKER)});
    const server = { uri: ${JSON.stringify(server.uri)} };
    const directory = ${JSON.stringify(directory)};
    ${body}`;

  async function runUntilKilled(source: string, kill: (child: ChildProcess) => void): Promise<boolean> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    kill(child);
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect([code, signal]).toEqual(signal ? [null, 'SIGKILL'] : [0, null]);
    return signal !== null;
  }

  it('between any request of a push and its answer, then push again: everything is there once', async () => {
    const directory = newStore();
    const run = trackerTo(undefined, directory).startRun({ experiment: 'e', name: 'n' });
    const metrics = Array.from({ length: 2_100 }, (_, step) => ({
      key: `loss${step % 3}`,
      value: step % 5,
      timestamp: 1,
    }));
    run.logMetrics(metrics);
    run.logParams({ trees: 100 });
    run.logArtifact('package.json', 'model');
    run.registerModel({ name: 'm', version: '1', artifactPath: 'model' });
    run.setAlias({ name: 'm', version: '1' }, 'champion');
    await run.end();
    const source = script(directory, 'await new Tracker({ directory, server }).push();');
    const kills = new Set<string>();
    const killAtNewWrite = (child: ChildProcess): void => {
      // After the server has carried it out, but before it responds.
      server.onDone = (request) => {
        const write = `${request} ${server.mlflow.runs[0]?.metrics.length}`;
        if (!/^PUT|create|log-batch|alias|update/.test(request) || kills.has(write)) return;
        kills.add(write);
        child.kill('SIGKILL');
      };
    };
    while (await runUntilKilled(source, killAtNewWrite));
    // The experiment, the run, three batches, the artifact, model, version, alias and end.
    expect(kills.size).toBe(10);
    const { mlflow } = server;
    expect(mlflow.runs).toHaveLength(1);
    expect(mlflow.runs[0].metrics.map(({ key, value }) => [key, value])).toEqual(
      metrics.map(({ key, value }) => [key, value]),
    );
    expect(mlflow.versions).toHaveLength(1);
    expect(mlflow.aliases.get('m@champion')).toBe('1');
    expect(mlflow.runs[0].info.status).toBe('FINISHED');
  });

  it('of a training: what it had logged is there, and its run is ended as killed', async () => {
    const directory = newStore();
    const source = script(
      directory,
      `const run = new Tracker({ directory, server }).startRun({ experiment: 'e', name: 'n' });
       for (let step = 0; ; step++) {
         run.logMetric('loss', step, { step });
         await new Promise(setImmediate);
       }`,
    );
    await runUntilKilled(source, (child) => {
      let batches = 0;
      server.onDone = (request) => {
        if (request.endsWith('log-batch') && ++batches === 3) child.kill('SIGKILL');
      };
    });
    server.onDone = () => undefined;
    const [report] = await trackerTo(server.uri, directory).push();
    expect(report).toMatchObject({ pending: 0, refusals: [] });
    const values = valuesOf(server.mlflow.runs[0], 'loss');
    expect(values.length).toBeGreaterThan(2);
    expect(values).toEqual(values.map((_, step) => step));
    expect(server.mlflow.runs[0].info.status).toBe('KILLED');
    expect(server.mlflow.runs[0].tags.get('error')).toMatch(/^Its process ended without a word/);
  });
});
