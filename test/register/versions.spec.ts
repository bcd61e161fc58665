import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { provenChampion } from '../helper/proven-champion.js';
import { addSecond, into, PATIENCE, RegistrationWorkspace } from '../helper/registration-workspace.js';

describe('register', () => {
  const workspace = new RegistrationWorkspace();
  beforeAll(() => workspace.prepare(), PATIENCE);

  it('writes a version that servers want signed, and leaves the champion until it is', async () => {
    const own = workspace.freshModels('signed');
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const [publicFile, privateFile] = [join(own, 'public.pem'), join(own, 'private.pem')];
    writeFileSync(publicFile, publicKey.export({ format: 'pem', type: 'spki' }));
    writeFileSync(privateFile, privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const settings = [...into(own), '--set', `models.publicKey=${publicFile}`];
    for (let time = 0; time < 2; time++) {
      expect(await workspace.run('register', ...settings)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(`The candidate passed the gate and is random_forest/2.
It becomes the champion once it is signed, as models.publicKey requires:
  npx skewless models sign random_forest 2 --key <private key>
  npx skewless models promote random_forest 2
Champion: 1.
$`) as string,
      });
      expect(await provenChampion(own)).toBe('1');
      expect(existsSync(join(own, 'random_forest', 'history.jsonl'))).toBe(false);
    }
    const sign = ['models', 'sign', 'random_forest', '2', '--key', privateFile];
    expect(await workspace.run(...sign, ...settings)).toMatchObject({ code: 0 });
    expect(await workspace.json('register', ...settings)).toMatchObject({ outcome: 'registered', champion: '2' });
    expect(await provenChampion(own)).toBe('2');
  });

  it('writes no version where the key that servers ask for cannot be read', async () => {
    const own = workspace.freshModels('keyless');
    const { code, stderr } = await workspace.run('register', ...into(own), '--set', 'models.publicKey=/nowhere.pem');
    const reason = '/nowhere.pem cannot be read: it does not exist.';
    expect([code, stderr]).toEqual([2, `error: models.publicKey (MODELS_PUBLIC_KEY): ${reason}\n`]);
    expect(readdirSync(join(own, 'random_forest')).sort()).toEqual(['1', 'aliases.json']);
  });

  it('does not go by an evaluation beside a champion that is none any more', async () => {
    const own = dirname(workspace.freshModels('moved/models'));
    const settings = workspace.ownCandidate(own);
    const folder = join(own, 'models/random_forest');
    addSecond(folder);
    expect(await workspace.run('models', 'promote', 'random_forest', '2', ...settings)).toMatchObject({ code: 0 });
    expect(await workspace.run('register', ...settings)).toMatchObject({
      code: 2,
      stderr: 'error: The evaluation compares with champion 1, but the champion is 2 now: run "evaluate" again.\n',
    });
    await workspace.run('evaluate', ...settings);
    expect(await workspace.json('register', ...settings)).toMatchObject({ outcome: 'registered', version: '3' });
  });

  it('does not go by an evaluation of another candidate', async () => {
    const own = dirname(workspace.freshModels('another/models'));
    const settings = workspace.ownCandidate(own);
    expect(
      await workspace.run('train', ...settings, '--set', 'training.folds=0', '--set', 'training.seed=7'),
    ).toMatchObject({ code: 0 });
    expect(await workspace.run('register', ...settings)).toMatchObject({
      code: 2,
      stderr: 'error: The evaluation is of another candidate: run "evaluate" again.\n',
    });
  });

  it('does not score a candidate on other data than those it was trained beside', async () => {
    const own = dirname(workspace.freshModels('prepared-again/models'));
    const settings = workspace.ownCandidate(own);
    expect(await workspace.run('preprocess', ...settings, '--set', 'training.seed=7')).toMatchObject({ code: 0 });
    expect(await workspace.run('evaluate', ...settings)).toMatchObject({
      code: 2,
      stderr: 'error: The candidate was trained before the data were prepared again: run "train" again.\n',
    });
  });

  it('takes the same model behind another pipeline for another version', async () => {
    const own = dirname(workspace.freshModels('described/models'));
    const settings = workspace.ownCandidate(own);
    expect(await workspace.json('register', ...settings)).toMatchObject({ outcome: 'registered', version: '2' });
    const pipeline = join(own, 'data/processed/pipeline.json');
    writeFileSync(pipeline, readFileSync(pipeline, 'utf8').replace('Numerical feature 1', 'Temperature'));
    await workspace.run('evaluate', ...settings);
    expect(await workspace.json('register', ...settings)).toMatchObject({ outcome: 'registered', version: '3' });
    expect(await workspace.json('register', ...settings)).toMatchObject({
      outcome: 'already registered',
      version: '3',
    });
  });
});
