import { generateKeyPairSync } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAliases, writeAliases } from '#bundle';
import { boot } from './helper/boot.js';
import { HostedWorkspace, temporaryFolder, until, writeTinyBundle } from '#testing';

const folder = temporaryFolder();
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const [publicFile, privateFile] = [join(folder, 'public.pem'), join(folder, 'private.pem')];
writeFileSync(publicFile, publicKey.export({ format: 'pem', type: 'spki' }));
writeFileSync(privateFile, privateKey.export({ format: 'pem', type: 'pkcs8' }));

describe('A server that asks for signatures', () => {
  const models = join(folder, 'models');
  const workspace = new HostedWorkspace();
  const settings = { MODELS_DIR: models, MODELS_PUBLIC_KEY: publicFile, MODELS_WATCH_SECONDS: '0.1' };
  const sign = (version: string, key = privateFile) =>
    workspace.run('models', 'sign', 'tiny', version, '--key', key, '--set', `models.directory=${models}`);

  it('serves signed versions only, and goes on serving the last one', async () => {
    const { directory, rows } = await writeTinyBundle(models);
    const refused = await boot(settings);
    const { status, body } = await refused.ask('/health/ready');
    expect(status).toBe(503);
    expect(body.error.model.message).toContain(
      `${directory}/manifest.sig: does not exist, but models.publicKey (MODELS_PUBLIC_KEY) requires it. If you trust this version, sign it`,
    );
    await refused.close();

    expect(await sign('1')).toMatchObject({ code: 0, stdout: `Signed: ${directory}/manifest.sig\n`, stderr: '' });
    const api = await boot(settings);
    expect((await api.post('/predict', rows[0].input)).body.model_version).toBe('tiny:1');

    await writeTinyBundle(models, { version: '2' });
    await until(async () => (await api.ask('/health/ready')).text.includes('2/manifest.sig'));
    expect((await api.post('/predict', rows[0].input)).body.model_version).toBe('tiny:1');
    expect((await sign('2')).code).toBe(0);
    await until(async () => (await api.post('/predict', rows[0].input)).body.model_version === 'tiny:2');
    await api.close();
  });

  it.each([
    ['3', privateFile, 'tiny has no version or alias 3'],
    ['1', publicFile, 'is not an Ed25519 key in PEM form'],
    ['1', '/nowhere.pem', 'cannot be read: it does not exist'],
  ])('has no signature made of version %s with %s', async (version, key, reason) => {
    const { code, stderr } = await sign(version, key);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
    expect(existsSync(join(models, 'tiny', '3'))).toBe(false);
  });

  it('has no champion made by the command line that it would refuse', async () => {
    await writeTinyBundle(models, { version: '5' });
    await writeAliases(models, 'tiny', { champion: '2' });
    const keys = ['--set', `models.directory=${models}`, '--set', `models.publicKey=${publicFile}`];
    const promote = () => workspace.run('models', 'promote', 'tiny', '5', ...keys);
    const refused = await promote();
    expect(refused.stderr).toContain(
      '5/manifest.sig: does not exist, but models.publicKey (MODELS_PUBLIC_KEY) requires it',
    );
    expect([refused.code, await readAliases(models, 'tiny')]).toEqual([2, { champion: '2' }]);
    expect((await sign('5')).code).toBe(0);
    expect(await promote()).toMatchObject({ code: 0, stderr: '' });
    expect(await readAliases(models, 'tiny')).toEqual({ champion: '5' });
  });

  it('does not start without its key', async () => {
    await expect(boot({ ...settings, MODELS_PUBLIC_KEY: '/nowhere.pem' })).rejects.toThrow('/nowhere.pem');
    writeFileSync(join(folder, 'text.pem'), 'no key');
    await expect(boot({ ...settings, MODELS_PUBLIC_KEY: join(folder, 'text.pem') })).rejects.toThrow(
      'text.pem is not an Ed25519 key in PEM form',
    );
  });
});
