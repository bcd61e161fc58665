import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { provenChampion } from '../helper/proven-champion.js';
import { differentStates, recordedStates } from '../helper/recorded-states.js';
import { history, into, PATIENCE, RegistrationWorkspace } from '../helper/registration-workspace.js';

describe('register', () => {
  const workspace = new RegistrationWorkspace();
  beforeAll(() => workspace.prepare(), PATIENCE);

  it(
    'killed between any two changes of files leaves the old version or the new one; run again, it finishes',
    async () => {
      const own = workspace.freshModels('recorded');
      const states = join(workspace.root, 'states');
      expect(await workspace.runRecorded(states, own, 'register', ...into(own))).toMatchObject({ code: 0 });
      const moments = recordedStates(states);
      // Reached: before and after the folder was renamed, before and after the alias was moved, and the end.
      expect(moments.length).toBeGreaterThan(10);
      const champions: string[] = [];
      for (const models of moments) champions.push(await provenChampion(models));
      expect(new Set(champions)).toEqual(new Set(['1', '2']));

      const finish = async (models: string): Promise<void> => {
        expect(await workspace.run('register', ...into(models))).toMatchObject({ code: 0 });
        expect(await provenChampion(models)).toBe('2');
        const [move, ...others] = history(models);
        expect([move, others]).toMatchObject([{ alias: 'champion', to: '2', why: 'passed the gate' }, []]);
      };
      const different = differentStates(moments);
      for (let n = 0; n < different.length; n += 2) await Promise.all(different.slice(n, n + 2).map(finish));
    },
    PATIENCE,
  );

  it('promotes a version that was written but never became the champion', async () => {
    const own = workspace.freshModels('half');
    await workspace.run('register', ...into(own));
    // As it is between the version's rename and the move of the alias.
    rmSync(join(own, 'random_forest', 'history.jsonl'));
    cpSync(join(workspace.base, 'random_forest/aliases.json'), join(own, 'random_forest', 'aliases.json'));
    expect(await provenChampion(own)).toBe('1');
    expect(await workspace.json('register', ...into(own))).toMatchObject({
      outcome: 'registered',
      model: 'random_forest',
      version: '2',
      champion: '2',
      reasons: [],
    });
    expect(await provenChampion(own)).toBe('2');
    expect(existsSync(join(own, 'random_forest', '3'))).toBe(false);
  });
});
