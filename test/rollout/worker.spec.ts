import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomStream } from '#kit';
import { FileQueue } from '#renewal';
import { HostedWorkspace } from '#testing';

/** Rows of a table whose label two columns tell, but for some noise. */
function rowsFrom(first: number, count: number, random: RandomStream): string {
  const lines = Array.from({ length: count }, (_, i) => {
    const [a, b, noise] = [0, 1, 2].map(() => random.uniform() - 0.5);
    return `${first + i},${a.toFixed(4)},${b.toFixed(4)},${a + b + noise / 4 > 0 ? 'yes' : 'no'}\n`;
  });
  return lines.join('');
}

describe('worker --once', () => {
  const workspace = new HostedWorkspace();

  it('trains what is asked for in a child, and begins the rollout of what passed the gate', async () => {
    const random = new RandomStream(19, 21);
    const table = join(workspace.root, 'customers.csv');
    writeFileSync(table, `id,a,b,label\n${rowsFrom(0, 1_500, random)}`);
    const done = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await workspace.run(...args);
      expect([args, code, code === 0 ? '' : stderr]).toEqual([args, 0, '']);
      return stdout;
    };
    await done('init', table, '--target', 'label', '--name', 'customers');
    workspace.edit('config/models/customers.yaml', (text) =>
      text.replace(/^training:.*(\n +.*)*/m, 'training: { algorithm: logistic_regression, folds: 0 }'),
    );
    await done('run', 'customers');
    expect(await done('rollout', 'status', 'customers')).toBe('customers: champion 1, no rollout\n');
    appendFileSync(table, rowsFrom(1_500, 1_500, random));
    const { job } = (await workspace.json('renew', 'customers', '--reason', 'new rows')) as { job: string };
    expect(await workspace.json('renew', 'customers')).toEqual({ job, isNew: false });
    expect(await workspace.json('rollout', 'status', 'customers')).toMatchObject({ state: 'queued', id: job });
    await done('worker', '--once');
    expect(await workspace.json('rollout', 'status', 'customers')).toMatchObject({
      state: 'shadow',
      champion: '1',
      challenger: '2',
      weight: 0,
    });
    const refused = await workspace.run('models', 'promote', 'customers', '2');
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining(
        'A rollout of customers version 2 is in progress (shadow), and only the rollout may move the aliases',
      ),
    ]);
    expect(await done('rollout', 'promote', 'customers', '--reason', 'a test')).toBe(
      'customers: champion 2, rollout of version 2 promoted (a test)\n',
    );
    expect(await done('rollout', 'rollback', 'customers', '--reason', 'complaints')).toBe(
      'customers: champion 1, rollout of version 2 rolled_back (complaints)\n',
    );

    workspace.edit('config/models/customers.yaml', (text) =>
      text.replace('{ mode: off }', '{ mode: off, keepVersions: 1 }'),
    );
    appendFileSync(table, rowsFrom(3_000, 500, random));
    await done('renew', 'customers');
    const runs = (): number =>
      readdirSync(join(workspace.root, 'runs')).filter((name) => /-[0-9a-f]{32}$/.test(name)).length;
    expect(runs()).toBe(2);
    const told = await done('worker', '--once');
    expect(told).toContain('customers: version 2 was removed: 1 are kept');
    expect(told).toMatch(/customers: the run .*\/runs\/\d{8}T\d{9}Z-[0-9a-f]{32} was removed: no version needs it/);
    expect(runs()).toBe(2);
    const listed = (await workspace.json('models', 'list')) as { model: string; version: string }[];
    expect(listed.filter(({ model }) => model === 'customers').map(({ version }) => version)).toEqual(['1', '3']);
  });

  it('says what is wrong in the file of a model whose job it took, and takes the next', async () => {
    await workspace.json('rollout', 'abort', 'customers');
    const { job } = (await workspace.json('renew', 'customers')) as { job: string };
    workspace.edit('config/models/customers.yaml', (text) => text.replace('mode: off', 'mode: sometimes'));
    const { code, stderr } = await workspace.run('worker', '--once');
    expect(code).toBe(0);
    expect(stderr).toContain(`customers: job ${job} failed: `);
    const wrong = /renewal\.mode .*config\/models\/customers\.yaml.* is "sometimes": must be one of off, manual, auto/;
    expect(await workspace.json('rollout', 'status', 'customers')).toMatchObject({
      state: 'gated',
      reason: expect.stringMatching(wrong) as string,
    });
    workspace.edit('config/models/customers.yaml', (text) => text.replace('mode: sometimes', 'mode: off'));
  });

  it('begins a rollout by hand with the steps and the mode of the model’s own file', async () => {
    const rollout = async (...args: string[]): Promise<unknown> => {
      await workspace.json('rollout', 'start', 'customers', '3', ...args);
      const { steps, mode } = JSON.parse(workspace.bytes('models/customers/rollout.json').toString()) as object & {
        steps: number[];
        mode: string;
      };
      await workspace.json('rollout', 'abort', 'customers');
      return { steps, mode };
    };
    expect(await rollout()).toEqual({ steps: [1, 5, 25, 50], mode: 'manual' });
    workspace.edit('config/models/customers.yaml', (text) =>
      text.replace('{ mode: off,', '{ mode: auto, steps: [20, 40],'),
    );
    expect(await rollout()).toEqual({ steps: [20, 40], mode: 'auto' });
    expect(await rollout('--steps', '30')).toEqual({ steps: [30], mode: 'auto' });
    expect(await rollout('--set', 'renewal.mode=manual')).toEqual({ steps: [20, 40], mode: 'manual' });
  });

  it('trains no other model in the place of one that nothing says how to train', async () => {
    const refused = 'There is no model file';
    const { code, stderr } = await workspace.run('renew', 'elsewhere');
    expect([code, stderr]).toEqual([2, expect.stringContaining(refused)]);
    // An API that does not have the worker's files asks for it all the same.
    await new FileQueue(join(workspace.root, 'renewal')).add('elsewhere', { kind: 'hand', reason: 'by ops' });
    const { stdout } = await workspace.run('worker', '--once');
    // Into a pipe as JSON, a line each, without colours.
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toContainEqual(
      expect.objectContaining({ context: 'RenewalWorker', message: expect.stringContaining(refused) as string }),
    );
    const jobs = await new FileQueue(join(workspace.root, 'renewal')).jobs('elsewhere');
    expect(jobs).toEqual([
      expect.objectContaining({ state: 'failed', failure: expect.stringContaining(refused) as string }),
    ]);
  });
});
