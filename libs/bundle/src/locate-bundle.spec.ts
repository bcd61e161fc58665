import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adder, temporaryFolder, writeForeignModel, writeTinyBundle } from '#testing';
import { NoDefaultModelError } from './inference.errors.js';
import { BundleError } from './bundle.error.js';
import { locateChampion, nextVersion, readAliases } from './locate-bundle.js';

const folder = temporaryFolder();
let models: string;
let tests = 0;
beforeEach(async () => {
  models = join(folder, String(++tests));
  await mkdir(models);
});

describe('locateChampion', () => {
  it('finds the champion of the only model', async () => {
    await writeTinyBundle(models, { version: '1' });
    await writeTinyBundle(models, { version: '12' });
    await writeTinyBundle(models, { version: '2' });
    await writeFile(join(models, 'tiny', 'aliases.json'), '{"champion":"12","challenger":"2"}');
    expect(await locateChampion(models)).toBe(join(models, 'tiny', '12'));
  });

  it('finds the champion of the model that it is asked for', async () => {
    await writeTinyBundle(models, { name: 'other' });
    await writeTinyBundle(models, { version: '3' });
    expect(await locateChampion(models, 'tiny')).toBe(join(models, 'tiny', '3'));
  });

  it('finds the only model that takes rows among those that take tensors', async () => {
    await writeForeignModel(models, 'adder', adder());
    await writeForeignModel(models, 'zeta', adder());
    expect(await locateChampion(models)).toBe(join(models, 'adder', '1'));
    await writeTinyBundle(models);
    expect(await locateChampion(models)).toBe(join(models, 'tiny', '1'));
    await mkdir(join(models, 'broken', '1'), { recursive: true });
    await writeFile(join(models, 'broken', 'aliases.json'), '{"champion":"1"}');
    await expect(locateChampion(models)).rejects.toThrow(new NoDefaultModelError(['adder', 'broken', 'tiny', 'zeta']));
  });

  it('says why a folder is no model where it is the one that is wanted', async () => {
    await mkdir(join(models, 'tiny'));
    await expect(locateChampion(models)).rejects.toThrow('contains no model; tiny contains no version.');
    await writeTinyBundle(models, { name: 'other' });
    await expect(locateChampion(models, 'tiny')).rejects.toThrow(
      'contains no model "tiny": that folder contains no version.',
    );
  });

  it('takes files, hidden folders and those without a version for no models', async () => {
    await writeTinyBundle(models);
    await mkdir(join(models, 'lost+found'));
    await writeFile(join(models, 'README.md'), '');
    await mkdir(join(models, '.git'));
    expect(await locateChampion(models)).toBe(join(models, 'tiny', '1'));
  });

  it('refuses a file in place of the models folder', async () => {
    const file = join(models, 'file');
    await writeFile(file, '');
    await expect(locateChampion(file)).rejects.toThrow(
      new BundleError(
        file,
        'cannot be read (ENOTDIR)',
        'Point MODELS_DIR, or models.directory in config/config.yaml, to the folder that holds the models',
      ),
    );
  });
});

describe('readAliases', () => {
  const path = (): string => join(models, 'tiny', 'aliases.json');
  beforeEach(() => mkdir(join(models, 'tiny')));

  it('gives nothing where there are none', async () => expect(await readAliases(models, 'tiny')).toBeUndefined());

  it.each([
    ['a folder', mkdir],
    ['a named pipe, which it does not wait for', (pipe: string) => execFileSync('mkfifo', [pipe])],
  ])('refuses %s in their place', async (_, make) => {
    await make(path());
    await expect(readAliases(models, 'tiny')).rejects.toThrow(
      new BundleError(path(), 'is not a regular file', 'Replace it by a readable JSON file, or restore it'),
    );
  });

  it('refuses more than aliases take', async () => {
    await writeFile(path(), ' '.repeat(4_194_305));
    await expect(readAliases(models, 'tiny')).rejects.toThrow(`${path()}: is over 4194304 bytes.`);
  });

  it('refuses a champion that is no version', async () => {
    await writeFile(path(), '{"champion":"../../etc"}');
    await expect(readAliases(models, 'tiny')).rejects.toThrow(
      new BundleError(
        path(),
        'champion must match pattern "^[1-9][0-9]*$"',
        'Compare it with aliases.schema.json, or import the version again',
      ),
    );
  });
});

describe('nextVersion', () => {
  it.each([
    [[], '1'],
    [['1'], '2'],
    [['1', '2', '10'], '11'],
    [['3'], '4'],
    [['1', 'aliases.json', '.7.123.tmp', 'notes'], '2'],
  ])('after %j comes %s', async (entries, next) => {
    for (const entry of entries) await mkdir(join(models, 'tiny', entry), { recursive: true });
    expect(await nextVersion(models, 'tiny')).toBe(next);
  });
});
