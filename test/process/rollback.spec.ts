import { join } from 'node:path';
import { writeAliases, writeBundle } from '#bundle';
import { Rollouts, startRollout } from '#renewal';
import { temporaryFolder, tinyBundle, TURNED_FOREST } from '#testing';
import { ServerProcess } from '../helper/server-process.js';

const BODY = JSON.stringify({ weight_kg: 0, distance_km: 9000, value_eur: null });
const WORKERS = 4;
const CALLERS = 8;
/** Answers in a row of one version that say that all workers have followed. */
const ALL = 400;

const folder = temporaryFolder();

afterEach(() => ServerProcess.killAll());

it(`A rollback reaches all of ${WORKERS} workers under load, and no request fails`, async () => {
  const models = join(folder, 'models');
  await writeBundle(models, tinyBundle());
  await writeBundle(models, tinyBundle({ version: '2', forest: TURNED_FOREST }));
  await writeAliases(models, 'tiny', { champion: '1' });
  await startRollout({ directory: models }, 'tiny', { version: '2', steps: [50], mode: 'auto' }, 'a test');
  const rollouts = new Rollouts(models);
  await rollouts.step('tiny', { kind: 'promote' }, { reason: 'a test' });
  const server = await ServerProcess.start(['--workers', String(WORKERS)], { MODELS_DIR: models, LOG_LEVEL: 'info' });
  await server.until(() => server.pids.length === WORKERS);
  const counts = { answered: 0, failed: 0 };
  let [inARow, wanted, last] = [0, '2', 0];
  /** Callers ask, each on a new connection, until all answers are of one version. */
  const load = async (version: string): Promise<void> => {
    [inARow, wanted] = [0, version];
    const caller = async (): Promise<void> => {
      while (inARow < ALL) {
        const { status, text } = await server.ask('/predict', { body: BODY });
        counts.answered++;
        if (status !== 200) counts.failed++;
        else if ((JSON.parse(text) as { model_version: string }).model_version === `tiny:${wanted}`) inARow++;
        else [inARow, last] = [0, performance.now()];
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
  };
  await load('2');
  const seen = server.lines.length;
  const begun = performance.now();
  const asking = load('1');
  await rollouts.step('tiny', { kind: 'rollback' }, { reason: 'complaints' });
  await asking;
  const found = {
    check: 'rollback under load',
    workers: WORKERS,
    seconds: Number(((last - begun) / 1_000).toFixed(2)),
    ...counts,
  };
  process.stdout.write(`${JSON.stringify(found)}\n`);
  expect(counts.failed).toBe(0);
  // The kernel hands connections to whoever comes first, and a line of the log may come later than its answer.
  await server.until(async () => {
    const { text } = await server.ask('/predict', { body: BODY });
    expect(JSON.parse(text)).toMatchObject({ model_version: 'tiny:1' });
    const since = server.lines.slice(seen).filter(({ msg }) => msg === 'request');
    return new Set(since.map(({ pid }) => pid)).size === WORKERS;
  });
});
