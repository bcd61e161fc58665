import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { provenChampion } from '../helper/proven-champion.js';
import { addSecond, history, into, PATIENCE, RegistrationWorkspace } from '../helper/registration-workspace.js';

describe('register', () => {
  const workspace = new RegistrationWorkspace();
  beforeAll(() => workspace.prepare(), PATIENCE);

  it('lets no version become the champion that servers would refuse, and lists the others all the same', async () => {
    const own = workspace.freshModels('broken');
    const folder = join(own, 'random_forest');
    addSecond(folder);
    cpSync(join(folder, '1'), join(folder, '3'), { recursive: true });
    writeFileSync(join(folder, '2/model.onnx'), 'cut short');
    for (const [version, reason] of [
      ['1/', 'has no version or alias 1/'],
      ['2', '2/model.onnx: has SHA-256'],
      ['3', 'belongs to random_forest/1'],
    ]) {
      expect(await workspace.run('models', 'promote', 'random_forest', version, ...into(own))).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(reason),
      });
    }
    expect(await provenChampion(own)).toBe('1');
    expect(await workspace.json('models', 'list', ...into(own))).toMatchObject([
      { version: '1', alias: 'champion' },
      { version: '2' },
      { version: '3', fault: expect.stringContaining('belongs to random_forest/1') },
    ]);
  });

  it('lists the versions of a model whose aliases cannot be read, with the reason', async () => {
    const own = workspace.freshModels('unreadable');
    const aliases = join(own, 'random_forest/aliases.json');
    writeFileSync(aliases, 'champion: 1');
    expect(await workspace.json('models', 'list', ...into(own))).toMatchObject([
      { version: '1', alias: '', fault: expect.stringContaining(`${aliases}: is not valid JSON`) },
    ]);
  });

  it('names the line of the history that is none', async () => {
    const own = workspace.freshModels('scribbled');
    writeFileSync(join(own, 'random_forest/history.jsonl'), '\nscribble\n');
    const { code, stderr } = await workspace.run('models', 'rollback', 'random_forest', ...into(own));
    expect([code, stderr]).toEqual([
      2,
      `error: ${join(own, 'random_forest/history.jsonl')}: line 2 is not valid JSON; correct or remove it.\n`,
    ]);
  });

  it('can be rolled back and promoted again, with who, when and why; a rerun promotes nothing', async () => {
    expect(await workspace.json('register')).toMatchObject({ outcome: 'registered', champion: '2' });
    const back = await workspace.json('models', 'rollback', 'random_forest', '--why', 'complaints');
    expect(back).toMatchObject({
      alias: 'champion',
      from: '2',
      to: '1',
      why: 'complaints',
      who: expect.any(String) as string,
    });
    expect(await provenChampion(workspace.models)).toBe('1');
    const again = await workspace.json('register');
    expect(again).toMatchObject({ outcome: 'already registered', version: '2', champion: '1' });
    expect(await provenChampion(workspace.models)).toBe('1');
    expect(await workspace.run('models', 'rollback', 'random_forest')).toMatchObject({
      code: 2,
      stderr: 'error: random_forest has no previous champion to roll back to.\n',
    });
    expect((await workspace.json('models', 'promote', 'random_forest', '2')).to).toBe('2');
    const moves = history(workspace.models);
    const same = { alias: 'champion', from: '2', to: '2', moved: false };
    for (const named of ['2', 'champion'])
      expect(await workspace.json('models', 'promote', 'random_forest', named)).toEqual(same);
    expect(history(workspace.models)).toEqual(moves);
    expect((await workspace.json('models', 'show', 'random_forest', 'champion')).version).toBe('2');
    const listed = (await workspace.json('models', 'list')) as { version: string; alias: string }[];
    expect(listed.map(({ version, alias }) => [version, alias])).toEqual([
      ['1', ''],
      ['2', 'champion'],
    ]);
    expect(await workspace.run('models', 'promote', 'random_forest', '9')).toMatchObject({ code: 2 });
    expect(await workspace.run('models', 'list', '--set', 'models.directory=nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/nowhere: does not exist/) as string,
    });
  });
});
