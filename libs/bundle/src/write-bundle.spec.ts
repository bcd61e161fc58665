import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, tinyBundle } from '#testing';
import { BUNDLE_FILES, type Manifest } from './bundle.js';
import { BundleError } from './bundle.error.js';
import { readAliases } from './locate-bundle.js';
import { digestOf, readBundle } from './read-bundle.js';
import { writeAliases, writeBundle } from './write-bundle.js';

const folder = temporaryFolder();
let models: string;
let tests = 0;
beforeEach(() => (models = join(folder, String(++tests))));

const entries = async (): Promise<string[]> => (await readdir(models, { recursive: true })).sort();
const existsAlready = (): BundleError =>
  new BundleError(join(models, 'tiny', '1'), 'exists already', 'Versions never change: choose the next number');

describe('writeBundle', () => {
  it('writes the files of a version and nothing beside them', async () => {
    expect(await writeBundle(models, tinyBundle())).toBe(join(models, 'tiny', '1'));
    const files = ['baseline.json', 'golden.json', 'manifest.json', 'model.onnx', 'pipeline.json'];
    expect(await entries()).toEqual(['tiny', 'tiny/1', ...files.map((file) => `tiny/1/${file}`)]);
  });

  it('writes a page on the version beside them, which the manifest vouches for as for any other file', async () => {
    const directory = await writeBundle(models, { ...tinyBundle(), card: '<!doctype html><title>tiny 1</title>' });
    const path = join(directory, 'model-card.html');
    expect((await readBundle(directory)).manifest.files['model-card.html']).toEqual(digestOf(await readFile(path)));
    await writeFile(path, '<!doctype html><title>tiny 2</title>');
    await expect(readBundle(directory)).rejects.toMatchObject({ file: path });
  });

  it('lets other users read the version', async () => {
    const { mode } = await stat(await writeBundle(models, tinyBundle()));
    expect(mode & 0o777).toBe(0o755);
  });

  it('takes the digests itself', async () => {
    const directory = await writeBundle(models, tinyBundle());
    const { files } = JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8')) as Manifest;
    for (const file of BUNDLE_FILES) expect(files[file]).toEqual(digestOf(await readFile(join(directory, file))));
  });

  it('writes one number a line, so that versions can be compared', async () => {
    const directory = await writeBundle(models, tinyBundle());
    const text = await readFile(join(directory, 'pipeline.json'), 'utf8');
    expect(text).toBe(`${JSON.stringify(tinyBundle().pipeline, null, 1)}\n`);
  });

  it('writes versions beside each other', async () => {
    const first = await writeBundle(models, tinyBundle());
    const second = await writeBundle(models, tinyBundle({ version: '2' }));
    expect((await readBundle(first)).manifest.version).toBe('1');
    expect((await readBundle(second)).manifest.version).toBe('2');
  });

  it('removes what killed writers left, but nothing that may still be written', async () => {
    await writeBundle(models, tinyBundle());
    const left = ['.2-AbC123', 'aliases.json.12345', 'notes.txt'].map((name) => join(models, 'tiny', name));
    await mkdir(left[0]);
    for (const path of [join(left[0], 'model.onnx'), ...left.slice(1)]) await writeFile(path, 'half');
    for (const path of left) await utimes(path, 0, 0);
    await mkdir(join(models, 'tiny', '.2-XyZ789'));
    await writeBundle(models, tinyBundle({ version: '2' }));
    expect((await readdir(join(models, 'tiny'))).sort()).toEqual(['.2-XyZ789', '1', '2', 'notes.txt']);
  });

  it('refuses a version that exists and leaves it as it is', async () => {
    const directory = await writeBundle(models, tinyBundle());
    const before = await entries();
    const { manifest, ...rest } = tinyBundle();
    await expect(writeBundle(models, { ...rest, manifest: { ...manifest, algorithm: 'other' } })).rejects.toThrow(
      existsAlready(),
    );
    expect(await entries()).toEqual(before);
    expect((await readBundle(directory)).manifest.algorithm).toBe('random_forest');
  });

  it('refuses what could not be read back, before it writes anything', async () => {
    const unreadable = tinyBundle({ name: 'my model' });
    const path = join(models, 'my model', '1', 'manifest.json');
    await expect(writeBundle(models, unreadable)).rejects.toThrow(
      new BundleError(
        path,
        'name must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]*$"',
        'Compare it with manifest.schema.json, or import the version again',
      ),
    );
    await expect(entries()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('leaves no trace when it fails after all files are written', async () => {
    await mkdir(join(models, 'tiny'), { recursive: true });
    await writeFile(join(models, 'tiny', '1'), 'a file');
    await expect(writeBundle(models, tinyBundle())).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(await entries()).toEqual(['tiny', 'tiny/1']);
  });
  it('writes over what a killed process of the same id left behind', async () => {
    const left = join(models, 'tiny', `.1.${process.pid}.tmp`);
    await mkdir(left, { recursive: true });
    await writeFile(join(left, 'pipeline.json'), '{');
    expect(await writeBundle(models, tinyBundle())).toBe(join(models, 'tiny', '1'));
  });
  it('lets exactly one of two writers of the same version win', async () => {
    for (let round = 0; round < 5; round++) {
      const target = join(models, String(round));
      const both = [writeBundle(target, tinyBundle()), writeBundle(target, tinyBundle())];
      const outcomes = await Promise.allSettled(both);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await readBundle(join(target, 'tiny', '1'));
    }
  });
});

describe('writeAliases', () => {
  it('makes the aliases, and replaces them', async () => {
    await mkdir(join(models, 'tiny'), { recursive: true });
    await writeAliases(models, 'tiny', { champion: '1', challenger: '2' });
    expect(await readAliases(models, 'tiny')).toEqual({ champion: '1', challenger: '2' });
    await writeAliases(models, 'tiny', { champion: '2' });
    expect(await readAliases(models, 'tiny')).toEqual({ champion: '2' });
    expect(await entries()).toEqual(['tiny', 'tiny/aliases.json']);
  });
});
