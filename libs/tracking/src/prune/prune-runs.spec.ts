import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { thisProcess, tryLock } from '#kit';
import { PATIENCE_SECONDS, temporaryFolder } from '#testing';
import { StubServer } from '../testing/stub-server.js';
import { trackerTo } from '../testing/logged.js';
import { pruneRuns } from './prune-runs.js';
import { RunFolder } from '../store/run-folder.js';

const root = temporaryFolder();
const TRACKING = pathToFileURL(resolve('dist/libs/tracking/src/index.js')).href;

describe('pruneRuns', () => {
  let store: string;
  beforeEach(() => (store = mkdtempSync(join(root, 'runs-'))));

  /** Records a finished run of a model. @returns its folder's name */
  async function record(model: string, version?: string, uri?: string): Promise<string> {
    const run = trackerTo(uri, store).startRun({ experiment: 'e', name: `${model} random_forest` });
    run.logMetric('accuracy', 0.9);
    if (version !== undefined) run.registerModel({ name: model, version, artifactPath: 'model' });
    await run.end(version === undefined ? 'FAILED' : 'FINISHED');
    return basename(run.directory);
  }

  async function prune(versions: readonly string[], keep = 1, uri?: string): Promise<string[]> {
    const gone: string[] = [];
    for await (const path of pruneRuns({ store, model: 'tiny', versions, keep, uri })) gone.push(basename(path));
    return gone;
  }
  const left = (): string[] => readdirSync(store).sort();

  it('removes the runs whose version is gone, and leaves those of versions that exist and of other models', async () => {
    const runs = [];
    for (const version of ['1', '2', '3']) runs.push(await record('tiny', version));
    const other = await record('other', '1');
    expect(await prune(['2', '3'])).toEqual([runs[0]]);
    expect(left()).toEqual([runs[1], runs[2], other]);
    expect(await prune(['2', '3'])).toEqual([]);
  });

  it('leaves the newest of those that registered nothing, and a run that is in progress', async () => {
    const [first, second] = [await record('tiny'), await record('tiny')];
    const registered = await record('tiny', '1');
    const third = await record('tiny');
    const open = trackerTo(undefined, store).startRun({ experiment: 'e', name: 'tiny random_forest' });
    expect(await prune(['1'], 3)).toEqual([first]);
    expect(left()).toEqual([second, registered, third, basename(open.directory)]);
    expect(await prune(['1'], 1)).toEqual([second, third]);
    expect(left()).toEqual([registered, basename(open.directory)]);
    await open.end();
  });

  it('leaves a version that is newer than all of this models folder, and a store that knows none of its versions', async () => {
    const runs = [await record('tiny', '1'), await record('tiny', '7')];
    expect(await prune([])).toEqual([]);
    expect(await prune(['3', '4'])).toEqual([]);
    expect(left()).toEqual(runs);
    const third = await record('tiny', '3');
    expect(await prune(['3', '4'])).toEqual([runs[0]]);
    expect(left()).toEqual([runs[1], third]);
  });

  it('leaves the alias that was moved by hand as long as its version', async () => {
    await record('tiny', '1');
    await record('tiny', '2');
    for (const version of ['1', '2']) trackerTo(undefined, store).setAlias({ name: 'tiny', version }, 'champion');
    expect(await prune(['2'])).toHaveLength(2);
    expect(left().map((name) => name.replace(/^[^-]*-/, '').length)).toEqual([32, 'alias-champion'.length]);
  });

  it('removes nothing from the first on that the server lacks a part of', async () => {
    const server = await StubServer.start();
    try {
      const pushed = await record('tiny', '1', server.uri);
      const lacking = await record('tiny', '2');
      const after = await record('tiny', '3', server.uri);
      await record('tiny', '4', server.uri);
      expect(await prune(['4'], 1, server.uri)).toEqual([pushed]);
      await trackerTo(server.uri, store).push();
      expect(await prune(['4'], 1, server.uri)).toEqual([lacking, after]);
    } finally {
      await server.stop();
    }
  });

  it('leaves what was begun to be sent to a server, whether it is still named or not', async () => {
    const begun = await record('tiny', '1');
    await record('tiny', '2');
    writeFileSync(join(store, begun, 'sent-example.org-5000.jsonl'), '{"sending":4}\n{"acknowledged":2}\n');
    expect(await prune(['2'])).toEqual([]);
    writeFileSync(join(store, begun, 'sent-example.org-5000.jsonl'), '{"acknowledged":4}\n');
    expect(await prune(['2'])).toEqual([begun]);
  });

  it('leaves a run that somebody pushes at this moment', async () => {
    const run = await record('tiny', '1');
    await record('tiny', '2');
    const release = tryLock(join(store, run), 'push')!;
    expect(await prune(['2'])).toEqual([]);
    release();
    expect(await prune(['2'])).toEqual([run]);
  });

  it('removes a run that was killed, and has nothing to do in a store that is not there or is empty', async () => {
    // A process that does not exist: pids are at most 2^22.
    const owner = { ...thisProcess(), pid: 2 ** 22 + 1 };
    const folder = RunFolder.create(store, 'killed');
    writeFileSync(
      folder.journal,
      `${JSON.stringify({ type: 'run', id: 'a', experiment: 'e', name: 'tiny forest', startTime: 1, owner })}\n`,
    );
    RunFolder.create(store, 'nothing-yet');
    const registered = await record('tiny', '1');
    await record('tiny');
    expect(await prune(['1'])).toEqual([basename(folder.path)]);
    expect(left()).toContain(registered);
    store = join(store, 'none');
    expect(await prune(['1'])).toEqual([]);
    mkdirSync(store);
    expect(await prune(['1'])).toEqual([]);
  });

  it('killed at each operation: each run is there whole or gone, and what it left goes the next time', async () => {
    const source = (): string => `
      const { pruneRuns } = await import(${JSON.stringify(TRACKING)});
      for await (const _ of pruneRuns({ store: ${JSON.stringify(store)}, model: 'tiny', versions: ['3'], keep: 1 }));`;
    let moments = 0;
    for (let isKilled = true; isKilled; moments++) {
      store = mkdtempSync(join(root, 'killed-'));
      const runs = [];
      for (const version of ['1', '2', '3']) runs.push(await record('tiny', version));
      const { signal, status, stderr } = spawnSync(
        process.execPath,
        ['--require', resolve('libs/testing/src/preload/killed-at.cjs'), '--input-type=module', '-e', source()],
        {
          env: { ...process.env, KILL_AT: String(moments + 1), KILL_BELOW: store },
          encoding: 'utf8',
          timeout: PATIENCE_SECONDS * 1_000,
        },
      );
      isKilled = signal === 'SIGKILL';
      if (!isKilled) expect([status, stderr]).toEqual([0, '']);
      for (const { path } of RunFolder.list(store)) {
        expect([existsSync(join(path, 'journal.jsonl')), existsSync(join(path, 'artifacts'))]).toEqual([true, true]);
      }
      await prune(['3']);
      expect(left()).toEqual([runs[2]]);
    }
    // Each of two runs is stopped before its rename and its removal, and within the removal; plus one uninterrupted
    // pass.
    expect(moments).toBeGreaterThanOrEqual(5);
  });
});
