import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeAliases, writeBundle } from '#bundle';
import { startRollout } from '#renewal';
import { temporaryFolder, tinyBundle } from '#testing';
import { Tracker } from '#tracking';
import { runNode } from './helper/run-node.js';

const models = temporaryFolder();
const runs = temporaryFolder();

function prune(...args: string[]) {
  const set = ['--set', `models.directory=${models}`, '--set', `tracking.directory=${runs}`];
  const command = ['dist/cli/main.js', 'models', 'prune', ...args, ...set];
  const { status, stdout, stderr } = runNode(command);
  return { status, stdout, stderr };
}

const versions = (): string[] => readdirSync(join(models, 'tiny')).filter((name) => /^\d+$/.test(name));

describe('models prune', () => {
  beforeAll(async () => {
    for (const version of ['1', '2', '3', '4', '5', '6']) await writeBundle(models, tinyBundle({ version }));
    await writeAliases(models, 'tiny', { champion: '2' });
    await startRollout({ directory: models }, 'tiny', { version: '4', steps: [10], mode: 'auto' }, 'a test');
  });

  it.each(['0', '-1', '1.5', 'ten', '1e3', '99999999999999999999', ''])('refuses to keep "%s" versions', (keep) => {
    expect(prune('tiny', `--keep=${keep}`)).toEqual({
      status: 2,
      stdout: '',
      stderr: `error: --keep ${keep} must be a whole number of versions, 1 or more.\n`,
    });
    expect(versions()).toHaveLength(6);
  });

  it('refuses a model that is not there, and to choose a number by itself', () => {
    expect(prune('huge', '--keep', '1')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`There is no model huge under ${models}`),
    });
    expect(prune('tiny')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("required option '--keep <versions>' not specified"),
    });
    expect(versions()).toHaveLength(6);
  });

  it('tells line by line what goes and what stays', () => {
    expect(prune('tiny', '--keep', '2')).toEqual({
      status: 0,
      stdout: [
        'tiny: version 1 was removed.',
        'tiny: version 2 stays: it is the champion.',
        'tiny: version 3 was removed.',
        'tiny: version 4 stays: it is the challenger.',
        '',
      ].join('\n'),
      stderr: '',
    });
    expect(versions()).toEqual(['2', '4', '5', '6']);
  });

  it('tells the same as JSON, and has nothing to do a second time', () => {
    const left = [
      { version: '2', why: 'it is the champion' },
      { version: '4', why: 'it is the challenger' },
    ];
    const { status, stdout } = prune('tiny', '--keep', '2', '--json');
    expect([status, JSON.parse(stdout)]).toEqual([0, { model: 'tiny', keep: 2, removed: [], left, runs: [] }]);
    expect(prune('tiny', '--keep', '10').stdout).toBe('tiny: nothing was removed.\n');
    expect(versions()).toEqual(['2', '4', '5', '6']);
  });

  it('prunes every model where none is named', async () => {
    for (const version of ['1', '2', '3']) await writeBundle(models, tinyBundle({ name: 'other', version }));
    await writeAliases(models, 'other', { champion: '3' });
    const { status, stdout } = prune('--keep', '1', '--json');
    expect([status, JSON.parse(stdout)]).toMatchObject([
      0,
      [
        { model: 'other', keep: 1, removed: ['1', '2'], left: [], runs: [] },
        { model: 'tiny', keep: 1, removed: ['5'] },
      ],
    ]);
  });

  it('removes the runs whose version is gone with it, and tells so', async () => {
    const tracker = new Tracker({ directory: runs });
    const folders: string[] = [];
    for (const version of ['4', '5']) {
      await writeBundle(models, tinyBundle({ name: 'other', version }));
      const run = tracker.startRun({ experiment: 'skewless', name: 'other random_forest' });
      run.registerModel({ name: 'other', version, artifactPath: 'model' });
      await run.end();
      folders.push(run.directory);
    }
    await writeAliases(models, 'other', { champion: '5' });
    expect(prune('other', '--keep', '1')).toEqual({
      status: 0,
      stdout: `other: version 3 was removed.\nother: version 4 was removed.\nother: the run ${folders[0]} was removed.\n`,
      stderr: '',
    });
    expect(readdirSync(runs).map((name) => join(runs, name))).toEqual([folders[1]]);
    expect(prune('other', '--keep', '1').stdout).toBe('other: nothing was removed.\n');
  });
});
