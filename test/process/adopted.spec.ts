import { join, resolve } from 'node:path';
import { RandomStream } from '#kit';
import { openStore } from '#monitoring';
import { temporaryFolder } from '#testing';
import { runNode } from '../helper/run-node.js';
import { ServerProcess } from '../helper/server-process.js';

const DAY = 86_400_000;
const MINUTE = 60_000;
const TODAY = Date.now() - (Date.now() % DAY);
/** Seven days that become the reference, one as usual, and one of other people: yesterday. */
const [FIRST, REFERENCE_DAYS] = [TODAY - 9 * DAY, 7];
const [MINUTES, ROWS_A_MINUTE] = [30, 2];
const ROWS_A_DAY = MINUTES * ROWS_A_MINUTE;
const BOOSTER = 'test/fixtures/boosters/xgboost-binary.json';
const home = temporaryFolder();
const store = join(home, 'store');
const random = new RandomStream(18, 40);

const startOf = (day: number): number => FIRST + day * DAY;
const iso = (time: number): string => new Date(time).toISOString();

function skewless(...args: string[]) {
  const command = ['dist/cli/main.js', ...args, '--json', '--set', `monitor.store=${store}`];
  const env = { ...process.env, SKEWLESS_HOME: home };
  const { status, stdout, stderr } = runNode(command, { env });
  return { status, stderr, result: stdout === '' ? undefined : JSON.parse(stdout) };
}

/** The watch of a server would judge by the clock of this machine: who holds its lease keeps it from that. */
async function withServer(work: (server: ServerProcess) => Promise<void>): Promise<void> {
  const watch = await openStore({ store, schema: '', maxBytes: 1e9 });
  const lease = await watch.lease('watch', 3_600);
  const server = await ServerProcess.ready([], {
    SKEWLESS_HOME: home,
    MODELS_DIR: join(home, 'models'),
    DEFAULT_MODEL: 'people',
    MONITOR_ENABLED: 'true',
    MONITOR_STORE: store,
    NODE_OPTIONS: `--require ${resolve('libs/testing/src/preload/header-clock.cjs')}`,
  });
  await work(server);
  // What it has still to write is in the store when it has ended.
  server.signal('SIGTERM');
  expect((await server.ended).code).toBe(0);
  await lease!.release();
  await watch.close();
}

/** Half an hour of a day: so many people in each minute, one a request. */
async function answerDay(server: ServerProcess, day: number, older = 0): Promise<void> {
  for (let minute = 0; minute < MINUTES; minute++) {
    for (let n = 0; n < ROWS_A_MINUTE; n++) {
      const person = {
        age: 20 + 40 * random.uniform() + older,
        income: 50_000 * random.uniform(),
        visits: random.below(10),
        balance: random.uniform() < 0.1 ? null : random.uniform() - 0.5,
      };
      const time = startOf(day) + DAY / 2 + minute * MINUTE + n * 1_000;
      const headers = { 'content-type': 'application/json', 'x-clock': String(time) };
      const answer = await fetch(`http://127.0.0.1:${server.port}/predict`, {
        method: 'POST',
        headers,
        body: JSON.stringify(person),
      });
      expect([answer.status, await answer.json()]).toEqual([
        200,
        expect.objectContaining({ model_version: 'people:1' }),
      ]);
    }
  }
}

afterAll(() => ServerProcess.killAll());

it('A booster that came without data has no baseline until somebody adopts its first week; then its drift is found', async () => {
  const imported = skewless('import', BOOSTER, '--name', 'people');
  expect(imported).toMatchObject({ status: 0, result: { version: '1', champion: null } });
  // Without a row that its source has answered a person has to say so.
  const promoted = skewless('models', 'promote', 'people', '1', '--unproven', '--why', 'compared by hand');
  expect(promoted).toMatchObject({ status: 0 });
  await withServer(async (server) => {
    for (let day = 0; day < REFERENCE_DAYS; day++) await answerDay(server, day);
  });

  const week = startOf(REFERENCE_DAYS);
  const run = (time: number, ...args: string[]) =>
    skewless('monitor', 'run', '--once', '--now', iso(time + 10 * MINUTE), ...args);
  expect(run(week)).toMatchObject({
    status: 0,
    result: [{ model: 'people', closed_up_to: expect.any(String), alarms: [] }],
  });
  const span = ['--from', iso(FIRST), '--to', iso(week)];
  const adopt = (...args: string[]) => skewless('monitor', 'adopt', 'people', ...args, '--reason', 'first week');
  await withServer(async (server) => {
    const shown = `/monitor/people?window=7d&to=${iso(week).slice(0, 10)}`;
    const page = await server.ask(shown);
    expect(page.text).toContain('There is nothing to compare with');
    expect(page.text).toContain('npx skewless monitor adopt people --from');
    const report = async () => JSON.parse((await server.ask(`${shown}&format=json`)).text);
    const inputs = ['age', 'income', 'visits', 'balance'];
    const before = await report();
    expect(before).toMatchObject({ status: 'no_baseline', alarms: [], window: { rows: REFERENCE_DAYS * ROWS_A_DAY } });
    const statuses = Object.fromEntries(before.columns.map(({ name, status }: any) => [name, status]));
    expect(inputs.map((name) => statuses[name])).toEqual(inputs.map(() => 'no_baseline'));

    // A week that is not over is no reference.
    expect(adopt('--from', iso(FIRST), '--to', iso(week + DAY))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('The window has not been evaluated yet'),
    });
    expect(adopt(...span)).toMatchObject({
      status: 0,
      result: { version: '1', rows: REFERENCE_DAYS * ROWS_A_DAY },
    });
    await answerDay(server, REFERENCE_DAYS);
    await answerDay(server, REFERENCE_DAYS + 1, 30);
  });

  expect(run(week + DAY, '--fail-on-alarm')).toMatchObject({ status: 0, result: [{ alarms: [] }] });
  const found = run(week + 2 * DAY, '--fail-on-alarm');
  expect(found.status).toBe(3);
  const alarms = found.result[0].alarms as { column: string; scale: string; baseline: number; now: number }[];
  const age = alarms.find(({ column, scale }) => column === 'age' && scale === '1d')!;
  expect(age.now - age.baseline).toBeGreaterThan(0.3);
  const others = alarms.filter(({ column }) => ['income', 'visits', 'balance'].includes(column));
  expect(others).toEqual([]);

  const out = join(home, 'people.html');
  const told = skewless('monitor', 'report', 'people', '--out', out, '--now', iso(week + 2 * DAY + 10 * MINUTE));
  expect(told).toMatchObject({ status: 0, result: { status: 'moved', window: { rows: ROWS_A_DAY } } });
});
