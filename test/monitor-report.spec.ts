import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runWatch } from '#monitoring';
import { temporaryFolder } from '#testing';
import { answer, customers, HOSTILE, START } from '../libs/monitoring/src/report/testing/traffic.js';
import { FileStore } from '../libs/monitoring/src/store/file/file-store.js';
import { runNode } from './helper/run-node.js';

const DAY = 86_400_000;
const END = START + 3 * DAY;
const folder = temporaryFolder();
const out = join(folder, 'customers.html');

function report(...args: string[]) {
  const command = ['dist/cli/main.js', 'monitor', 'report', ...args, '--set', `monitor.store=${join(folder, 'store')}`];
  const { status, stdout, stderr } = runNode(command);
  return { status, stdout, stderr };
}

describe('monitor report', () => {
  beforeAll(async () => {
    const store = new FileStore({ folder: join(folder, 'store'), maxBytes: 1e9, now: () => START });
    await answer(store, customers(), [{ labelled: 0.9 }, { labelled: 0.9 }, { labelled: 0.9, shift: 12 }]);
    await runWatch(store, END + 600_000);
    await store.close();
  });

  it('writes what a model has seen as one file that leads nowhere, from the store alone', () => {
    const now = new Date(END + 600_000).toISOString();
    const { status, stdout, stderr } = report('customers', '--out', out, '--now', now, '--json');
    expect([stderr, status]).toEqual(['', 0]);
    expect(JSON.parse(stdout)).toMatchObject({
      out,
      model: 'customers',
      version: '3',
      window: { scale: '1d', from: new Date(END - DAY).toISOString(), to: new Date(END).toISOString(), closed: true },
      status: 'moved',
    });
    const page = readFileSync(out, 'utf8');
    expect(page).toContain('<h1>customers <small>version 3</small></h1>');
    expect(page).toContain('1,440 rows');
    expect([...page.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, link]) => link)).toEqual([
      'data:,',
      '#content',
    ]);
    expect(page).not.toMatch(/<script|url\(|@import/);
    expect(page).not.toContain(HOSTILE);
  });

  it('shows the window and the time that are asked for', () => {
    const now = new Date(START + 2 * DAY + 600_000).toISOString();
    const { status, stdout } = report('customers', '--out', out, '--now', now, '--window', '7d');
    expect([status, stdout]).toEqual([0, `The page of customers/3 is written: ${out}\n`]);
    expect(readFileSync(out, 'utf8')).toContain('2,880 rows');
  });

  it.each([
    [
      ['customers', '--out', join(folder, 'no.txt')],
      `--out ${join(folder, 'no.txt')}: the file name must end in .html.`,
    ],
    [['customers', '--out', join(folder, 'no.html'), '--window', '2d'], '--window 2d must be one of 1h, 1d, 7d, 28d.'],
    [
      ['customers', '--out', join(folder, 'no.html'), '--now', 'noon'],
      '--now noon is not a valid time; write 2026-11-30 or 2026-11-30T12:00:00Z.',
    ],
    [
      ['customers', '--out', join(folder, 'no.html'), '--version', '9'],
      'The store of predictions has no version 9 of "customers"; it has 3.',
    ],
    [
      ['strangers', '--out', join(folder, 'no.html')],
      'The store of predictions has no version of "strangers"; it has none.',
    ],
  ])('refuses %j and writes nothing', (args, why) => {
    expect(report(...args)).toEqual({ status: 2, stdout: '', stderr: `error: ${why}\n` });
    expect([existsSync(join(folder, 'no.html')), existsSync(join(folder, 'no.txt'))]).toEqual([false, false]);
  });
});

it('A page of 100 columns after 90 days has 300 kB at most, and asks each question of the store once', () => {
  const { stdout: text } = runNode(['bench/monitor-page.mjs', '--once'], { seconds: 600 });
  process.stdout.write(text);
  const { bytes, ...page } = JSON.parse(text) as { bytes: number };
  expect(bytes).toBeLessThanOrEqual(300_000);
  // Notes are those of the watch, of hours and of days.
  const asked = { notes: 3, events: 1, outcomes: 1, counts: 1, usage: 1 };
  expect(page).toEqual({ columns: 100, moved: 34, asked });
});
