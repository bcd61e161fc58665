import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newStore, trackerTo, valuesOf } from '../../../tracking/src/testing/logged.js';
import { StubServer } from '../../../tracking/src/testing/stub-server.js';
import { thisProcess } from './process-identity.js';
import { tryLock } from './process-lock.js';

describe('tryLock', () => {
  const locks = (directory: string): string[] => readdirSync(directory).sort();

  it('is given to one at a time, and leaves one file', () => {
    const directory = newStore();
    for (let turn = 0; turn < 3; turn++) {
      const release = tryLock(directory, 'push')!;
      expect(tryLock(directory, 'push')).toBeUndefined();
      release();
    }
    expect(locks(directory)).toEqual(['push.3.lock']);
  });

  it.each([
    ['a process that is no more', { pid: 2 ** 22 + 1 }],
    ['an earlier process of the same pid', { started: '1' }],
  ])('outbids %s', (_, difference) => {
    const directory = newStore();
    writeFileSync(join(directory, 'push.41.lock'), JSON.stringify({ ...thisProcess(), ...difference }));
    expect(tryLock(directory, 'push')).toBeDefined();
    expect(locks(directory)).toEqual(['push.42.lock']);
  });

  it.each([
    ['a process of another machine', { pid: 1, host: 'elsewhere' }],
    ['a living process', {}],
  ])('respects %s', (_, difference) => {
    const directory = newStore();
    writeFileSync(join(directory, 'push.1.lock'), JSON.stringify({ ...thisProcess(), ...difference }));
    expect(tryLock(directory, 'push')).toBeUndefined();
  });

  it('knows rights by their names', () => {
    const directory = newStore();
    expect(tryLock(directory, 'run.a')).toBeDefined();
    expect(tryLock(directory, 'run')).toBeDefined();
    expect(tryLock(directory, 'run')).toBeUndefined();
    expect(locks(directory)).toEqual(['run.1.lock', 'run.a.1.lock']);
  });

  it('keeps two pushes at once from sending twice', async () => {
    const server = await StubServer.start();
    const directory = newStore();
    const run = trackerTo(undefined, directory).startRun({ experiment: 'e', name: 'n' });
    run.logMetrics([1, 2, 3].map((value) => ({ key: 'loss', value })));
    await run.end();
    const reports = await Promise.all([1, 2, 3].map(() => trackerTo(server.uri, directory).push()));
    expect(reports.flat().map(({ sent }) => sent)).toEqual([5, 0, 0]);
    expect(reports[1][0].problem).toContain('another push is sending it');
    expect(valuesOf(server.mlflow.runs[0], 'loss')).toEqual([1, 2, 3]);
    await server.stop();
  });
});
