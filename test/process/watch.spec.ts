import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readRows, withDuckDb } from '#tables';
import { PATIENCE_SECONDS, temporaryFolder } from '#testing';
import { runNode } from '../helper/run-node.js';
import { ServerProcess } from '../helper/server-process.js';

const DAY = 86_400_000;
const SPEED = 400;
/** Of the fast clocks: rows that come within fewer than nine minutes raise no alarm, however fast the server answers. */
const MINUTES = 16;
const TODAY = Date.now() - (Date.now() % DAY);
/** The days of the walk-through, as dates of ours: the clocks of the servers run fast, and never beyond ours. */
const FIRST = TODAY - 2 * DAY;
const DATES = ['2026-12-01', '2026-12-02', '2026-12-03'];
const folder = temporaryFolder();
const store = join(folder, 'store');
const [header, ...lines] = readFileSync('data/raw/dataset.csv', 'utf8').trim().split('\n');
const names = header.split(',').slice(0, 5);
const known = lines.map((line) => line.split(',').map(Number));

/** The lines of the walk-through that stand in: commands, each with what it prints. */
function walkThrough(): { command: string; output: string }[] {
  const section = readFileSync('docs/monitoring.md', 'utf8').split('## A walk-through\n')[1].split('\n## ')[0];
  const dated = DATES.reduce(
    (text, date, day) => text.replaceAll(date, new Date(FIRST + day * DAY).toISOString().slice(0, 10)),
    section,
  );
  return dated.split(/\n {4}(?=\$ )/).flatMap((part) => {
    const [command, ...output] = part.split('\n');
    const printed = output.filter((line) => line.startsWith('    ')).map((line) => `${line.slice(4)}\n`);
    return command.startsWith('$ ') ? [{ command: command.slice(2), output: printed.join('') }] : [];
  });
}

/** A server whose clock shows two o'clock of a day. */
const serverOn = (day: number): Promise<ServerProcess> =>
  ServerProcess.ready([], {
    MONITOR_ENABLED: 'true',
    MONITOR_STORE: store,
    MONITOR_ROWS: 'all',
    NODE_OPTIONS: `--require ${resolve('libs/testing/src/preload/fast-clock.cjs')}`,
    CLOCK_FROM: String(FIRST + day * DAY + DAY / 12),
    CLOCK_START: String(Date.now()),
    CLOCK_SPEED: String(SPEED),
  });

async function stop(server: ServerProcess): Promise<void> {
  server.signal('SIGTERM');
  expect((await server.ended).code).toBe(0);
}

const run = async (args: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, args, { encoding: 'utf8', timeout: PATIENCE_SECONDS * 1_000 })).stdout;

/** What a command of the walk-through prints. */
function printed(command: string, server: ServerProcess): Promise<string> {
  const [program, ...args] = command.split(' ');
  if (program === 'node')
    return run([
      ...args,
      '--url',
      `http://127.0.0.1:${server.port}`,
      '--labels',
      `${folder}/labels.csv`,
      '--minutes',
      String(MINUTES / SPEED),
    ]);
  const [, ...own] = args.map((arg) => (arg === 'labels.csv' ? join(folder, arg) : arg));
  return run(['dist/cli/main.js', ...own, '--set', `monitor.store=${store}`]);
}

function skewless(...args: string[]) {
  const command = ['dist/cli/main.js', ...args, '--json', '--set', `monitor.store=${store}`];
  const { status, stdout, stderr } = runNode(command);
  return { status, stderr, result: stdout === '' ? undefined : JSON.parse(stdout) };
}

afterAll(() => ServerProcess.killAll());

it('The walk-through of docs/monitoring.md: of two days the watch and its pages tell which column moved, and that it hurts', async () => {
  const [start, ...commands] = walkThrough();
  expect(start).toEqual({ command: 'npm start', output: '' });
  const pages = commands.filter(({ command }) => command.startsWith('curl '));
  expect([commands.length, pages.length]).toEqual([9, 3]);
  const days = [commands.slice(0, 3), commands.slice(3, 6)];
  for (const [day, [send, label, watch]] of days.entries()) {
    const server = await serverOn(day);
    expect(await printed(send.command, server)).toBe(send.output.replace('labels.csv', join(folder, 'labels.csv')));
    // What it has still to write is in the store when it has ended.
    await stop(server);
    for (const { command, output } of [label, watch])
      expect([command, await printed(command, server)]).toEqual([command, output]);
  }

  const server = await serverOn(1);
  const texts = await Promise.all(
    pages.map(async ({ command }) => {
      const { status, text } = await server.ask(command.replace(/^curl -s localhost:8000/, ''));
      expect([command, status]).toEqual([command, 200]);
      return text
        .replace(/<style>.*?<\/style>/s, '')
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ');
    }),
  );
  await stop(server);
  const [list, model, column] = texts;
  const moved = 'values above 0.600881 rose from 28.5 % to 64.9 % [60.5, 69.1]';
  expect(list).toContain(`moved feature_1: ${moved}, since `);
  expect(list).toContain('; and accuracy is low');
  expect(model).toContain(`1 column has moved, and accuracy is low feature_1 : ${moved}`);
  expect(model).toContain(
    'It is the data: the rows that come differ from those the model was trained on. And it hurts: labels prove',
  );
  expect(model).toContain('Accuracy by labels 0.829');
  expect(column).toContain(`moved ${moved}`);

  const now = new Date(FIRST + 2 * DAY + 600_000).toISOString();
  const second = skewless('monitor', 'run', '--once', '--now', now, '--fail-on-alarm');
  expect(second.status).toBe(3);
  const { alarms } = second.result[0] as { alarms: { kind: string; column?: string; scale: string; now: number }[] };
  // Again it finds the same, and tells nothing twice.
  expect(skewless('monitor', 'run', '--once', '--now', now).result[0]).toMatchObject({ opened: 0, alarms });

  expect(skewless('monitor', 'acknowledge', 'random_forest', 'feature_1', '--reason', 'known').status).toBe(0);
  expect(skewless('monitor', 'acknowledge', 'random_forest', 'feature_2', '--reason', 'known')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('There is no open alarm for "feature_2"'),
  });
  const span = ['--from', new Date(FIRST + DAY).toISOString(), '--to', new Date(FIRST + 2 * DAY).toISOString()];
  const adopted = skewless('monitor', 'adopt', 'random_forest', ...span, '--reason', 'the new normal');
  expect(adopted).toMatchObject({ status: 0, result: { version: '1', rows: 1_000 } });

  const out = join(folder, 'log.parquet');
  const table = skewless('data', 'from-log', 'random_forest', ...span, '--out', out);
  expect(table).toMatchObject({ status: 0, result: { rows: 1_000, unlabelled: 0, not_kept: 0 } });
  const read = await withDuckDb({}, (connection) =>
    readRows<Record<string, number>>(connection, `SELECT * FROM read_parquet('${out}')`),
  );
  const sorted = (rows: Record<string, number>[]): string[] =>
    rows.map((row) => JSON.stringify(names.map((name) => row[name]))).sort();
  const sent = known.map((cells) => Object.fromEntries(names.map((name, c) => [name, cells[c] + (c === 0 ? 1 : 0)])));
  expect(sorted(read)).toEqual(sorted(sent));
  const target = header.split(',')[5].trim();
  expect(read.map((row) => row[target]).sort()).toEqual(known.map((cells) => cells[5]).sort());
  // Both days were answered by version 1: asked again it answers the same.
  const replay = ['replay', 'random_forest', '--from', 'log', '--against'];
  const rows = 3_000;
  expect(skewless(...replay, 'champion')).toMatchObject({
    status: 0,
    result: { model: 'random_forest', version: '1', rows, agreed: rows, disagreed: 0, answered_by: { 1: rows } },
  });
  expect(skewless(...replay, '7')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no version or alias 7'),
  });
  const log = join(folder, 'log.csv');
  const all = ['--from', new Date(FIRST).toISOString(), '--to', new Date(TODAY).toISOString()];
  expect(skewless('monitor', 'export', 'random_forest', ...all, '--out', log).result.predictions).toBe(rows);
  expect(readFileSync(log, 'utf8').split('\n')[0]).toBe(
    'prediction_id,external_id,predicted_at,version,prediction,score,label,observed_at,slices,raw,weight',
  );
});
