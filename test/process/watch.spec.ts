import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve, join } from 'node:path';
import { readRows, withDuckDb } from '#tables';
import { RandomStream } from '#kit';
import { temporaryFolder } from '#testing';
import { ServerProcess } from '../helper/server-process.js';

const DAY = 86_400_000;
const SPEED = 400;
/** Yesterday and the day before, from two o'clock on: the clock of the servers runs fast, and never beyond ours. */
const TODAY = Date.now() - (Date.now() % DAY);
const FIRST = TODAY - 2 * DAY;
const store = join(temporaryFolder(), 'store');
const random = new RandomStream(18, 4);
const [header, ...lines] = readFileSync('data/raw/dataset.csv', 'utf8').trim().split('\n');
const names = header.split(',').slice(0, 5);

type Row = Record<string, number>;

const drawn = (shift: number): Row => {
  const cells = lines[random.below(lines.length)].split(',').map(Number);
  const row = Object.fromEntries(names.map((name, c) => [name, cells[c]]));
  return { ...row, feature_1: row.feature_1 + shift };
};

interface Answered {
  readonly row: Row;
  readonly id: string;
  readonly prediction: number;
}

/** A day's requests, one row each, some at a time; then the labels of what was answered. */
async function serveDay(day: number, rows: readonly Row[], labelOf: (answered: Answered, n: number) => number) {
  const server = await ServerProcess.ready([], {
    MONITOR_ENABLED: 'true',
    MONITOR_STORE: store,
    MONITOR_ROWS: 'all',
    NODE_OPTIONS: `--require ${resolve('libs/testing/src/preload/fast-clock.cjs')}`,
    CLOCK_FROM: String(day + DAY / 12),
    CLOCK_START: String(Date.now()),
    CLOCK_SPEED: String(SPEED),
  });
  const answered: Answered[] = [];
  for (let from = 0; from < rows.length; from += 20) {
    const some = rows.slice(from, from + 20);
    const answers = await Promise.all(some.map((row) => server.ask('/predict', { body: JSON.stringify(row) })));
    answers.forEach(({ status, text }, i) => {
      expect(status).toBe(200);
      const { prediction_id: id, prediction } = JSON.parse(text) as { prediction_id: string; prediction: number };
      answered.push({ row: some[i], id, prediction });
    });
  }
  const labels = answered.map((each, n) => ({ prediction_id: each.id, label: labelOf(each, n) }));
  const { text } = await server.ask('/feedback', { body: JSON.stringify({ labels }) });
  expect(JSON.parse(text)).toMatchObject({ accepted: rows.length });
  server.signal('SIGTERM');
  expect((await server.ended).code).toBe(0);
  return answered;
}

function skewless(...args: string[]) {
  const command = ['dist/cli/main.js', ...args, '--json', '--set', `monitor.store=${store}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { status, stderr, result: stdout === '' ? undefined : JSON.parse(stdout) };
}

afterAll(() => ServerProcess.killAll());

it('Of 2,000 requests, drifted ones and labels the watch tells the next day which column moved, and that it hurts', async () => {
  const usual = await serveDay(
    FIRST,
    Array.from({ length: 2_000 }, () => drawn(0)),
    ({ prediction }) => prediction,
  );
  const first = skewless(
    'monitor',
    'run',
    '--once',
    '--now',
    new Date(FIRST + DAY + 600_000).toISOString(),
    '--fail-on-alarm',
  );
  expect(first).toMatchObject({ status: 0, result: [{ model: 'random_forest', version: '1', alarms: [] }] });

  const moved = await serveDay(
    FIRST + DAY,
    Array.from({ length: 1_000 }, () => drawn(1)),
    ({ prediction }, n) => (n % 3 === 0 ? 1 - prediction : prediction),
  );
  const now = new Date(FIRST + 2 * DAY + 600_000).toISOString();
  const second = skewless('monitor', 'run', '--once', '--now', now, '--fail-on-alarm');
  expect(second.status).toBe(3);
  const { alarms } = second.result[0] as { alarms: { kind: string; column?: string; scale: string; now: number }[] };
  const told = alarms.map(({ kind, column, scale }) => [kind, column, scale]);
  expect(told).toContainEqual(['drift', 'feature_1', '1d']);
  expect(told).toContainEqual(['accuracy', undefined, '1d']);
  expect(told.filter(([kind, column]) => kind === 'drift' && column !== 'feature_1')).toEqual([]);
  // Again it finds the same, and tells nothing twice.
  expect(skewless('monitor', 'run', '--once', '--now', now).result[0]).toMatchObject({ opened: 0, alarms });

  expect(skewless('monitor', 'acknowledge', 'random_forest', 'feature_1', '--reason', 'known').status).toBe(0);
  expect(skewless('monitor', 'acknowledge', 'random_forest', 'feature_2', '--reason', 'known')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('No episode of "feature_2" is open'),
  });
  const span = ['--from', new Date(FIRST + DAY).toISOString(), '--to', new Date(FIRST + 2 * DAY).toISOString()];
  const adopted = skewless('monitor', 'adopt', 'random_forest', ...span, '--reason', 'the new normal');
  expect(adopted).toMatchObject({ status: 0, result: { version: '1', rows: 1_000 } });

  const out = join(store, '..', 'log.parquet');
  const table = skewless('data', 'from-log', 'random_forest', ...span, '--out', out);
  expect(table).toMatchObject({ status: 0, result: { rows: 1_000, unlabelled: 0, not_kept: 0 } });
  const read = await withDuckDb({}, (connection) => readRows<Row>(connection, `SELECT * FROM read_parquet('${out}')`));
  const sorted = (rows: Row[]): string[] => rows.map((row) => JSON.stringify(names.map((name) => row[name]))).sort();
  expect(sorted(read)).toEqual(sorted(moved.map(({ row }) => row)));
  const target = header.split(',')[5].trim();
  expect(read.reduce((sum, row) => sum + row[target], 0)).toBe(
    moved.reduce((sum, { prediction }, n) => sum + (n % 3 === 0 ? 1 - prediction : prediction), 0),
  );
  // Both days were answered by version 1: asked again it answers the same.
  const replay = ['replay', 'random_forest', '--from', 'log', '--against'];
  const rows = usual.length + moved.length;
  expect(skewless(...replay, 'champion')).toMatchObject({
    status: 0,
    result: { model: 'random_forest', version: '1', rows, agreed: rows, disagreed: 0, answered_by: { 1: rows } },
  });
  expect(skewless(...replay, '7')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no version or alias 7'),
  });
  const log = join(store, '..', 'log.csv');
  const all = ['--from', new Date(FIRST).toISOString(), '--to', new Date(TODAY).toISOString()];
  expect(skewless('monitor', 'export', 'random_forest', ...all, '--out', log).result.predictions).toBe(
    usual.length + moved.length,
  );
  expect(readFileSync(log, 'utf8').split('\n')[0]).toBe(
    'prediction_id,external_id,predicted_at,version,prediction,score,label,observed_at,slices,raw,weight',
  );
});
