import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LabelTaker, openStore } from '#monitoring';
import { EXAMPLE, temporaryFolder, until } from '#testing';
import { expectWithinBound, keepManyDays } from '../../libs/monitoring/src/store/testing/many-days.js';
import { rowsOf } from '../../libs/monitoring/src/store/testing/store-contract.js';
import { sampleOf } from '../helper/metrics-text.js';
import { ServerProcess } from '../helper/server-process.js';
import { type Postgres, startPostgres } from './helper/postgres.js';

const folder = temporaryFolder();
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterEach(() => ServerProcess.killAll());
afterAll(() => postgres.stop());

it('A year of 2,000 rows a day stays within its bytes; what went is told, and counts stay', async () => {
  const year = { days: 365, rowsPerDay: 2_000, maxBytes: 3_000_000, every: 10 };
  const after = await keepManyDays(join(folder, 'year'), year);
  process.stdout.write(
    `${JSON.stringify({ ...after, bytes: Math.max(...after.bytes), recordDays: after.recordDays.length })}\n`,
  );
  expectWithinBound(after, year);
});

it('Ids of eight processes, a million each, are all different', async () => {
  const [processes, ids] = [8, 1_000_000];
  const script = `
    import { mintIds } from './dist/libs/runtime/src/prediction-ids.js';
    for (let n = 0; n < ${ids / 1_000}; n++) process.stdout.write(mintIds(1_000));`;
  const run = promisify(execFile);
  const made = await Promise.all(
    Array.from({ length: processes }, () =>
      run(process.execPath, ['--input-type=module', '-e', script], { encoding: 'buffer', maxBuffer: 20 * ids }),
    ),
  );
  // The second half of an id is random alone: where all of those differ, so do the ids.
  const halves = new BigUint64Array(processes * ids);
  let at = 0;
  for (const { stdout } of made) {
    for (let byte = 8; byte < stdout.length; byte += 16) halves[at++] = stdout.readBigUInt64LE(byte);
  }
  expect(at).toBe(processes * ids);
  halves.sort();
  expect(halves.findIndex((half, i) => i > 0 && half === halves[i - 1])).toBe(-1);
});

/** Of minutes that lie a day back, so that no id is too young to be known. */
const idOf = (n: number): string => {
  const time = (Date.now() - 86_400_000).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
};

it.each(['embedded', 'PostgreSQL'])('A million labels are taken by the %s store, each once', async (kind) => {
  // As `feedback import` looks them up.
  const [labels, part] = [1_000_000, 500_000];
  const options = {
    store: kind === 'PostgreSQL' ? postgres.url : join(folder, 'labels'),
    schema: 'labels',
    maxBytes: 2 ** 31,
  };
  const store = await openStore(options);
  const ids = Array.from({ length: labels }, (_, n) => idOf(n));
  for (let start = 0, sequence = 1; start < labels; start += 5_000, sequence++) {
    await store.append({
      producer: 'p',
      sequence,
      rows: rowsOf(ids.slice(start, start + 5_000).map((id) => ({ id }))),
    });
  }
  const taker = new LabelTaker(store);
  const begun = performance.now();
  let accepted = 0;
  for (let start = 0; start < labels; start += part) {
    const inputs = ids.slice(start, start + part).map((id) => ({ prediction_id: id, label: 'yes' }));
    accepted += (await taker.take(inputs)).counts.accepted;
  }
  process.stdout.write(`${kind}: ${labels} labels in ${((performance.now() - begun) / 1_000).toFixed(1)} s\n`);
  expect(accepted).toBe(labels);
  const { counts: again } = await taker.take(ids.slice(0, 100).map((id) => ({ prediction_id: id, label: 'yes' })));
  expect(again).toMatchObject({ accepted: 0, duplicate: 100 });
  if (kind === 'PostgreSQL') {
    const started = performance.now();
    await store.prune({ rows: Date.now(), minutes: 0, hours: 0, days: 0 });
    process.stdout.write(`their day is dropped in ${((performance.now() - started) / 1_000).toFixed(2)} s\n`);
    expect(await store.known(ids.slice(0, 100))).toEqual(new Map());
  }
  await store.close();
});

it('A database that hangs costs no prediction and no record, and is used again when it goes on', async () => {
  const environment = { MONITOR_ENABLED: 'true', MONITOR_STORE: postgres.url, MONITOR_SCHEMA: 'hangs' };
  const server = await ServerProcess.ready([], environment);
  const body = JSON.stringify(EXAMPLE);
  const predict = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n++) expect((await server.ask('/predict', { body })).status).toBe(200);
  };
  const settled = async (): Promise<{ logged: number; dropped: number }> => {
    const rows = (text: string, outcome: string): number =>
      sampleOf(text, 'skewless_monitor_rows_total', { model: 'random_forest', outcome })!;
    let text = '';
    await until(async () => {
      ({ text } = await server.ask('/metrics'));
      return sampleOf(text, 'skewless_monitor_buffer_rows', {}) === 0;
    });
    return { logged: rows(text, 'logged'), dropped: rows(text, 'dropped') };
  };
  await predict(20);
  expect(await settled()).toEqual({ logged: 20, dropped: 0 });
  const all = postgres.family();
  for (const pid of all) process.kill(pid, 'SIGSTOP');
  try {
    await predict(200);
  } finally {
    for (const pid of all) process.kill(pid, 'SIGCONT');
  }
  await predict(20);
  expect(await settled()).toEqual({ logged: 240, dropped: 0 });
});
