import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { appendFile, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, writeTinyBundle } from '#testing';
import { readPrivateKey, readPublicKey, signBundle } from './bundle-signature.js';
import { readAnyBundle } from './read-bundle.js';

const REMEDY = 'If you trust this version, sign it: npx skewless models sign <model> <version> --key <file>.';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const pem = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();

describe('A signed bundle', () => {
  const folder = temporaryFolder();
  let tests = 0;
  let directory: string;
  beforeEach(async () => ({ directory } = await writeTinyBundle(join(folder, String(++tests)))));

  const signature = (): string => join(directory, 'manifest.sig');
  const expectRefusal = (problem: string) =>
    expect(readAnyBundle(directory, publicKey)).rejects.toThrow(`${signature()}: ${problem}. ${REMEDY}`);

  it('is read with the key that belongs to its signature', async () => {
    expect(await signBundle(directory, privateKey)).toBe(signature());
    expect((await readAnyBundle(directory, publicKey)).manifest.name).toBe('tiny');
  });

  it('is read without a key, whatever its signature', async () => {
    await writeFile(signature(), 'nonsense');
    expect((await readAnyBundle(directory)).manifest.name).toBe('tiny');
  });

  it('is refused without a signature', () =>
    expectRefusal('does not exist, but models.publicKey (MODELS_PUBLIC_KEY) requires it'));

  const FORGED = 'is not a signature of this manifest by the key of models.publicKey (MODELS_PUBLIC_KEY)';

  it('is refused when another key signed it', async () => {
    await signBundle(directory, generateKeyPairSync('ed25519').privateKey);
    await expectRefusal(FORGED);
  });

  it('is refused when its manifest was changed afterwards, by a blank even', async () => {
    await signBundle(directory, privateKey);
    await appendFile(join(directory, 'manifest.json'), ' ');
    await expectRefusal(FORGED);
  });

  it.each(['', 'nonsense', Buffer.alloc(64).toString('base64'), Buffer.alloc(32).toString('base64')])(
    'is refused with the signature %j',
    async (text) => {
      await writeFile(signature(), text);
      await expectRefusal(FORGED);
    },
  );

  it("is refused with another version's signature", async () => {
    const other = await writeTinyBundle(join(folder, String(tests)), { version: '2' });
    await signBundle(other.directory, privateKey);
    await copyFile(join(other.directory, 'manifest.sig'), signature());
    await expectRefusal(FORGED);
  });

  it('is refused when a file was changed, as without a signature', async () => {
    await signBundle(directory, privateKey);
    await appendFile(join(directory, 'model.onnx'), 'x');
    await expect(readAnyBundle(directory, publicKey)).rejects.toThrow(/model\.onnx: is over \d+ bytes\. Restore it/);
  });

  it('carries a signature that openssl verifies', async () => {
    await signBundle(directory, privateKey);
    const [key, raw] = [join(folder, 'public.pem'), join(folder, 'raw.sig')];
    await writeFile(key, pem(publicKey));
    await writeFile(raw, Buffer.from(await readFile(signature(), 'utf8'), 'base64'));
    const args = [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      key,
      '-rawin',
      '-in',
      join(directory, 'manifest.json'),
      '-sigfile',
      raw,
    ];
    const { status, error, stdout } = spawnSync('openssl', args, { encoding: 'utf8' });
    if (error === undefined) expect([status, stdout.trim()]).toEqual([0, 'Signature Verified Successfully']);
  });
});

describe('Reading keys', () => {
  it('takes Ed25519 in PEM form', () => {
    expect(readPublicKey(pem(publicKey), 'it').equals(publicKey)).toBe(true);
    expect(readPrivateKey(pem(privateKey), 'it').equals(privateKey)).toBe(true);
  });

  it('refuses everything else, without showing it', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const refusal = 'key.pem is not an Ed25519 key in PEM form; create one with "openssl genpkey -algorithm ed25519"';
    expect(() => readPrivateKey('secret', 'key.pem')).toThrow(new Error(refusal));
    expect(() => readPrivateKey(pem(rsa.privateKey), 'key.pem')).toThrow(new Error(refusal));
    expect(() => readPublicKey(pem(rsa.publicKey), 'key.pem')).toThrow(new Error(refusal));
  });
});
