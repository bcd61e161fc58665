import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAliases, readRollout } from '#bundle';
import { Rollouts } from '#renewal';
import { Workspace } from '#testing';
import { addSecond } from '../helper/registration-workspace.js';

/** `KILL_ROUNDS=3` takes its time. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 1);

describe('A step of a rollout', () => {
  const workspace = new Workspace();
  beforeAll(() => {
    process.env.RECORD_WRITES = '1';
  });
  afterAll(() => {
    delete process.env.RECORD_WRITES;
  });

  it('killed before any write, sync or rename leaves one champion, and is made or not begun when somebody looks next', async () => {
    const models = join(workspace.root, 'models');
    addSecond(join(models, 'random_forest'));
    const run = async (step: number, ...args: string[]): Promise<string[]> => {
      const states = join(workspace.root, 'states', String(step));
      const { code, stderr } = await workspace.runRecorded(states, models, ...args);
      expect([code, stderr]).toEqual([0, '']);
      return Array.from(readdirSync(states), (_, n) => join(states, String(n + 1)));
    };
    let moments = 0;
    const steps = [
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
    ] as const;
    for (const [n, [args, before, after]] of Array.from({ length: ROUNDS }, () => steps)
      .flat()
      .entries()) {
      const stateBefore = n > 0 && n % steps.length === 0 ? 'rolled_back' : before[1];
      for (const moment of await run(n, ...args)) {
        moments++;
        const champion = (await readAliases(moment, 'random_forest'))?.champion;
        expect([before[0], after[0]]).toContain(champion);
        const journal = readFileSync(join(moment, 'random_forest', 'history.jsonl'), { encoding: 'utf8', flag: 'a+' });
        const isBegun = journal.trim().split('\n').at(-1)!.includes(`"state":"${after[1]}"`);
        const resumed = await new Rollouts(moment).read('random_forest');
        const found = [(await readAliases(moment, 'random_forest'))?.champion, resumed?.state];
        expect(found).toEqual(isBegun ? after : [before[0], stateBefore]);
        expect(await readRollout(moment, 'random_forest')).toEqual(resumed);
        expect(readdirSync(join(moment, 'random_forest'))).toEqual(expect.arrayContaining(['1', '2']));
      }
    }
    process.stdout.write(
      `${JSON.stringify({ check: 'killed before each write, sync and rename', rounds: ROUNDS, moments })}\n`,
    );
    expect(moments).toBeGreaterThan(40 * ROUNDS);
    expect((await readAliases(models, 'random_forest'))?.champion).toBe('1');
  });
});
