import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAliases, readRollout } from '#bundle';
import { Rollouts } from '#renewal';
import { Workspace } from '#testing';
import { addSecond } from '../helper/registration-workspace.js';

describe('A step of a rollout', () => {
  const workspace = new Workspace();

  it('killed between any two changes of files leaves one champion, and is made or not begun when somebody looks next', async () => {
    const models = join(workspace.root, 'models');
    addSecond(join(models, 'random_forest'));
    const run = async (...args: string[]): Promise<string[]> => {
      const states = join(workspace.root, 'states', args[1]);
      const { code, stderr } = await workspace.runRecorded(states, models, ...args);
      expect([code, stderr]).toEqual([0, '']);
      return Array.from(readdirSync(states), (_, n) => join(states, String(n + 1)));
    };
    let moments = 0;
    for (const [args, before, after] of [
      [
        ['rollout', 'start', 'random_forest', '2', '--mode', 'auto'],
        ['1', undefined],
        ['1', 'shadow'],
      ],
      [
        ['rollout', 'promote', 'random_forest'],
        ['1', 'shadow'],
        ['2', 'promoted'],
      ],
      [
        ['rollout', 'rollback', 'random_forest'],
        ['2', 'promoted'],
        ['1', 'rolled_back'],
      ],
    ] as const) {
      for (const moment of await run(...args)) {
        moments++;
        const champion = (await readAliases(moment, 'random_forest'))?.champion;
        expect([before[0], after[0]]).toContain(champion);
        const steps = readFileSync(join(moment, 'random_forest', 'history.jsonl'), { encoding: 'utf8', flag: 'a+' });
        const isBegun = steps.includes(`"state":"${after[1]}"`);
        const resumed = await new Rollouts(moment).read('random_forest');
        const found = [(await readAliases(moment, 'random_forest'))?.champion, resumed?.state];
        expect(found).toEqual(isBegun ? after : before);
        expect(await readRollout(moment, 'random_forest')).toEqual(resumed);
        expect(readdirSync(join(moment, 'random_forest'))).toEqual(expect.arrayContaining(['1', '2']));
      }
    }
    process.stdout.write(`${JSON.stringify({ check: 'killed before each change of a file', moments })}\n`);
    expect(moments).toBeGreaterThan(20);
    expect((await readAliases(models, 'random_forest'))?.champion).toBe('1');
  });
});
