import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildTasks } from './child-task.js';

const folder = mkdtempSync(join(tmpdir(), 'skewless-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const script = join(folder, 'task.cjs');
const log = join(folder, 'log');
/** Notes that it ran, then does what it is told. */
writeFileSync(
  script,
  `require('fs').appendFileSync(${JSON.stringify(log)}, process.argv[2] + ' ' + Object.keys(process.env) + '\\n'); eval(process.argv[2]);`,
);
const runs = (): string[] => readFileSync(log, 'utf8').trim().split('\n');
beforeEach(() => writeFileSync(log, ''));

const tasks = (seconds = 30, record?: string): ChildTasks => new ChildTasks({ script, seconds, record });

describe('A task in a child', () => {
  it('is done once, also when it is asked for twice at a time, or by a later process', async () => {
    const record = join(folder, 'record');
    const first = tasks(30, record);
    await Promise.all([first.run('key', '1'), first.run('key', '1')]);
    await first.run('key', '1');
    await tasks(30, record).run('key', '1');
    expect(runs()).toHaveLength(1);
    expect(readdirSync(record)).toEqual(['key']);
    await first.run('other', '2');
    expect(runs()).toHaveLength(2);
  });

  it('is done again by the next process where nothing can be recorded', async () => {
    for (const record of [join(script, 'below'), undefined]) await tasks(30, record).run('key', '1');
    expect(runs()).toHaveLength(2);
  });

  it('is killed when it does not end, and done again when asked', async () => {
    const endless = tasks(0.5);
    for (let times = 0; times < 2; times++) {
      await expect(endless.run('key', 'for (;;);')).rejects.toThrow('did not end in 0.5 s');
    }
    expect(runs()).toHaveLength(2);
  });

  it.each([
    ['process.exit(3)', 'ended with code 3', undefined],
    ["process.stdout.write('why', () => process.exit(1))", 'ended with code 1', 'why'],
    ['process.abort()', 'ended with SIGABRT', undefined],
  ])('tells how it ended: %s', async (code, message, output) => {
    await expect(tasks().run('key', code)).rejects.toMatchObject({ message, output, isUnstarted: false });
  });

  it('is told none of its parent’s secrets', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    await tasks().run('key', '1');
    delete process.env.AWS_SECRET_ACCESS_KEY;
    expect(runs()[0]).toMatch(/PATH/);
    expect(runs()[0]).not.toMatch(/AWS/);
  });

  it('ends when its parent is told to', async () => {
    const closed = tasks();
    const running = closed.run('key', 'for (;;);');
    closed.close();
    await expect(running).rejects.toMatchObject({ message: 'was stopped', isUnstarted: true });
    await expect(closed.run('key', '1')).rejects.toMatchObject({ message: 'was stopped' });
  });
});
