import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildTasks } from './child-task.js';

const folder = mkdtempSync(join(tmpdir(), 'skewless-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const script = join(folder, 'task.cjs');
const log = join(folder, 'log');
/** Records that it ran and where, then does what the argument asks for. */
writeFileSync(
  script,
  `process.on('disconnect', () => process.exit());
process.on('message', async (code) => {
  require('fs').appendFileSync(${JSON.stringify(log)}, process.pid + ' ' + code + ' ' + Object.keys(process.env) + '\\n');
  process.send(await eval(code) ?? {});
});`,
);
const runs = (): string[] => readFileSync(log, 'utf8').trim().split('\n');
beforeEach(() => writeFileSync(log, ''));

const tasks = (seconds = 30, record?: string): ChildTasks => new ChildTasks({ script, seconds, record });

describe('A task in a child', () => {
  it('is done once, also when it is asked for twice at a time, or by a later process', async () => {
    const record = join(folder, 'record');
    const first = tasks(30, record);
    await Promise.all([first.run('key', '({})'), first.run('key', '({})')]);
    await first.run('key', '({})');
    await tasks(30, record).run('key', '({})');
    expect(runs()).toHaveLength(1);
    expect(readdirSync(record)).toEqual(['key']);
    await first.run('other', '({})');
    expect(runs()).toHaveLength(2);
  });

  it('answers the same later, from its record', async () => {
    const record = join(folder, 'answers');
    const first = tasks(30, record);
    const code = "({ answer: 'found' })";
    expect(await Promise.all([first.run('key', code), first.run('key', code)])).toEqual(['found', 'found']);
    expect(await first.run('key', code)).toBe('found');
    expect(await tasks(30, record).run('key', code)).toBe('found');
    expect(readFileSync(join(record, 'key'), 'utf8')).toBe('found');
    expect(runs()).toHaveLength(1);
  });

  it('is done again by the next process where nothing can be recorded', async () => {
    for (const record of [join(script, 'below'), undefined]) await tasks(30, record).run('key', '({})');
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
    ["({ output: 'why' })", 'failed', 'why'],
    ['process.abort()', 'ended with SIGABRT', undefined],
  ])('tells how it ended: %s', async (code, message, output) => {
    await expect(tasks().run('key', code)).rejects.toMatchObject({ message, output, isUnstarted: false });
  });

  it('has those after it done in the same child, unless it takes that with it; the others go on in a new one', async () => {
    const several = tasks();
    const codes = ['({})', "({ output: 'why' })", '({})', 'process.exit(3)', '({})', 'process.abort()', '({})', '({})'];
    for (const [key, code] of codes.entries()) await several.run(String(key), code).catch(() => undefined);
    several.close();
    const pids = runs().map((line) => line.split(' ')[0]);
    const [first, second, third] = new Set(pids);
    expect(pids).toEqual([first, first, first, first, second, second, third, third]);
  });

  it('waits for a child, of which there are two, and gets one also after a failure', async () => {
    const many = tasks();
    const codes = Array.from({ length: 20 }, (_, i) => (i % 5 === 4 ? "({ output: 'why' })" : '({})'));
    const ended = await Promise.allSettled(codes.map((code, key) => many.run(String(key), code)));
    many.close();
    expect(ended.map(({ status }) => status)).toEqual(
      codes.map((code) => (code === '({})' ? 'fulfilled' : 'rejected')),
    );
    expect(runs()).toHaveLength(20);
    expect(new Set(runs().map((line) => line.split(' ')[0])).size).toBe(2);
  });

  it('is told none of its parent’s secrets', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    await tasks().run('key', '({})');
    delete process.env.AWS_SECRET_ACCESS_KEY;
    expect(runs()[0]).toMatch(/PATH/);
    expect(runs()[0]).not.toMatch(/AWS/);
  });

  it('ends when its parent is told to', async () => {
    const closed = tasks();
    const running = closed.run('key', 'for (;;);');
    closed.close();
    await expect(running).rejects.toMatchObject({ message: 'was stopped', isUnstarted: true });
    await expect(closed.run('key', '({})')).rejects.toMatchObject({ message: 'was stopped' });
  });
});
