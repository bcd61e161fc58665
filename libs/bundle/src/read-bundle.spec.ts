import { cp, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, tinyBundle, writeTinyBundle } from '#testing';
import { BUNDLE_FILES, type BundleFile, type Manifest } from './bundle.js';
import { BundleError } from './bundle.error.js';
import { digestOf, readBundle } from './read-bundle.js';

const ALL_FILES = ['manifest.json', ...BUNDLE_FILES] as const;
const JSON_FILES = ALL_FILES.filter((file) => file.endsWith('.json'));

describe('readBundle', () => {
  const folder = temporaryFolder();
  let original: string;
  let directory: string;
  let tests = 0;

  beforeAll(async () => ({ directory: original } = await writeTinyBundle(join(folder, 'original'))));
  beforeEach(async () => {
    directory = join(folder, String(++tests), 'tiny', '1');
    await cp(original, directory, { recursive: true });
  });

  const text = (file: string): Promise<string> => readFile(join(directory, file), 'utf8');
  const manifest = async (): Promise<Manifest> => JSON.parse(await text('manifest.json')) as Manifest;

  /** Replaces a file and its digest, if it has one, so that only the contents can be wrong. */
  async function replace(file: string, contents: string): Promise<void> {
    await writeFile(join(directory, file), contents);
    if (file === 'manifest.json') return;
    const { files, ...rest } = await manifest();
    const changed = { ...rest, files: { ...files, [file]: digestOf(Buffer.from(contents)) } };
    await writeFile(join(directory, 'manifest.json'), JSON.stringify(changed));
  }

  async function expectRefusal(file: string, problem: string, remedy: string): Promise<void> {
    const error: unknown = await readBundle(directory).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BundleError);
    const path = join(directory, file);
    expect(error).toMatchObject({ file: path, problem, remedy, message: `${path}: ${problem}. ${remedy}.` });
  }

  it('reads what was written, and the digests of its files', async () => {
    const { model, manifest: written, ...documents } = tinyBundle();
    const files = Object.fromEntries(
      await Promise.all(BUNDLE_FILES.map(async (file) => [file, digestOf(await readFile(join(directory, file)))])),
    ) as Manifest['files'];
    const { model: bytes, ...rest } = await readBundle(directory);
    expect(rest).toEqual({ directory, manifest: { ...written, files }, ...documents });
    expect(Buffer.compare(bytes, model)).toBe(0);
  });

  it.each(BUNDLE_FILES)('refuses one flipped bit in %s', async (file: BundleFile) => {
    const bytes = await readFile(join(directory, file));
    bytes[bytes.length >> 1] ^= 1;
    await writeFile(join(directory, file), bytes);
    await expectRefusal(
      file,
      `has SHA-256 ${digestOf(bytes).sha256}, but the manifest says ${(await manifest()).files[file].sha256}`,
      'The file was changed after it was registered: restore it, or register a new version',
    );
  });

  it('refuses one flipped bit in the brace that opens the manifest', async () => {
    const flipped = `z${(await text('manifest.json')).slice(1)}`;
    await replace('manifest.json', flipped);
    await expectRefusal(
      'manifest.json',
      `is not valid JSON (${parseError(flipped)})`,
      'Import or register the version again',
    );
  });

  it.each(ALL_FILES)('refuses a bundle without %s', async (file) => {
    await rm(join(directory, file));
    await expectRefusal(file, 'does not exist', 'Restore it, or import the version again');
  });

  it.each(ALL_FILES)('refuses a link in place of %s, even to the very file', async (file) => {
    await rename(join(directory, file), join(folder, `${tests}-${file}`));
    await symlink(join(folder, `${tests}-${file}`), join(directory, file));
    await expectRefusal(
      file,
      'is not a regular file',
      'A bundle contains regular files only, no links: copy the file itself',
    );
  });

  it.each(JSON_FILES)('refuses %s when it is cut short', async (file) => {
    const short = (await text(file)).slice(0, -10);
    await replace(file, short);
    await expectRefusal(file, `is not valid JSON (${parseError(short)})`, 'Import or register the version again');
  });

  it('refuses a model that is cut short', async () => {
    await truncate(join(directory, 'model.onnx'), 0);
    await expectRefusal(
      'model.onnx',
      `has SHA-256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, but the manifest says ${(await manifest()).files['model.onnx'].sha256}`,
      'The file was changed after it was registered: restore it, or register a new version',
    );
  });

  it.each(JSON_FILES)('refuses a key that %s does not have', async (file) => {
    await replace(file, JSON.stringify({ ...JSON.parse(await text(file)), colour: 'blue' }));
    const schema = file.replace('.json', '.schema.json');
    await expectRefusal(
      file,
      'the document must NOT have additional properties ("colour")',
      `Compare it with ${schema}, or import the version again`,
    );
  });

  it('refuses a version that lies in the folder of another', async () => {
    const wrong = directory.replace(/1$/, '2');
    await rename(directory, wrong);
    directory = wrong;
    await expectRefusal(
      'manifest.json',
      'belongs to tiny/1, but is in the folder tiny/2',
      'Move the folder to its own place; to copy a version, import or register it again',
    );
  });

  it('refuses a model that lies in the folder of another', async () => {
    const wrong = directory.replace(/tiny.1$/, 'other');
    await rename(join(directory, '..'), wrong);
    directory = join(wrong, '1');
    await expectRefusal(
      'manifest.json',
      'belongs to tiny/1, but is in the folder other/1',
      'Move the folder to its own place; to copy a version, import or register it again',
    );
  });
});

function parseError(malformed: string): string {
  try {
    JSON.parse(malformed);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('That is JSON');
}
