import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAliases } from '#bundle';
import { RandomStream } from '#kit';
import { HostedWorkspace, until } from '#testing';

/** `KILLS=3` takes its time. */
const KILLS = Number(process.env.KILLS ?? 1);

/** Where a training is killed: once this file is there; with its worker alone, or with the training too. */
const MOMENTS = [
  { file: 'artifacts/customers/candidate/model.onnx', isWhole: false },
  { file: 'data/processed/customers/metadata.json', isWhole: true },
  { file: 'renewal/queue.lock', isWhole: true },
].slice(0, KILLS);

function descendants(pid: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const children = pairs.flatMap(([child, parent]) => (parent === pid ? [child] : []));
  return children.flatMap((child) => [child, ...descendants(child)]);
}

describe('A worker that is killed while it trains', () => {
  const workspace = new HostedWorkspace();
  const random = new RandomStream(19, 51);
  const path = (...names: string[]): string => join(workspace.root, ...names);
  const table = path('customers.csv');
  let rows = 0;
  const lines = (count: number): string =>
    Array.from({ length: count }, () => {
      const [a, b, noise] = [0, 1, 2].map(() => random.uniform() - 0.5);
      return `${rows++},${a.toFixed(4)},${b.toFixed(4)},${a + b + noise / 4 > 0 ? 'yes' : 'no'}\n`;
    }).join('');
  const job = (): any => {
    const names = readdirSync(path('renewal')).filter((name) => name.endsWith('.json'));
    return JSON.parse(readFileSync(path('renewal', names.sort().at(-1)!), 'utf8'));
  };
  const done = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await workspace.run(...args);
    expect([args, code, code === 0 ? '' : stderr]).toEqual([args, 0, '']);
  };

  beforeAll(async () => {
    writeFileSync(table, `id,a,b,label\n${lines(1_000)}`);
    await done('init', table, '--target', 'label', '--name', 'customers');
    workspace.edit('config/models/customers.yaml', (text) =>
      text.replace(/^training:.*$/m, 'training: { algorithm: random_forest, folds: 0 }'),
    );
    await done('run', 'customers');
  });

  it.each(MOMENTS)('is followed by another one, which ends the job once: $file', async ({ file, isWhole }) => {
    const before = (await readAliases(path('models'), 'customers'))!.champion;
    const versions = readdirSync(path('models/customers')).filter((name) => /^\d+$/.test(name));
    appendFileSync(table, lines(1_000));
    await done('renew', 'customers');
    // What an earlier training has left is no sign of this one.
    for (const folder of ['artifacts/customers/candidate', 'data/processed/customers'])
      rmSync(path(folder), { recursive: true });
    if (isWhole) {
      const { child, ended } = workspace.start('worker', '--once');
      await until(() => (file === 'renewal/queue.lock' ? job().state === 'running' : existsSync(path(file))));
      for (const pid of [child.pid!, ...descendants(child.pid!)]) process.kill(pid, 'SIGKILL');
      await ended;
    } else {
      await workspace.runOrphaned(file, 'worker', '--once');
    }
    expect(job()).toMatchObject({ state: 'running', attempt: 1 });
    expect((await readAliases(path('models'), 'customers'))!.champion).toBe(before);

    await done('worker', '--once');
    const expected = String(versions.length + 1);
    expect(job()).toMatchObject({ state: 'done', attempt: 2, result: { outcome: 'passed', version: expected } });
    expect(await readAliases(path('models'), 'customers')).toEqual({ champion: before, challenger: expected });
    expect(readdirSync(path('models/customers')).filter((name) => /^\d+$/.test(name))).toHaveLength(
      versions.length + 1,
    );
    const status = await workspace.json('rollout', 'status', 'customers');
    expect(status).toMatchObject({ state: 'shadow', champion: before, challenger: expected });
    await done('rollout', 'abort', 'customers');
    process.stdout.write(
      `${JSON.stringify({ check: 'training killed', once_there_was: file, attempt: 2, champion: before })}\n`,
    );
  });
});
