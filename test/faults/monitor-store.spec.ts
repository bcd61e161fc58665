import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import type { Retention } from '../../libs/monitoring/src/store/monitor-store.js';
import { FileStore } from '../../libs/monitoring/src/store/file/file-store.js';
import { all, idAt, KEEP_ALL, labelsOf, NOON, rowsOf } from '../../libs/monitoring/src/store/testing/store-contract.js';

const DAY = 86_400_000;
const root = temporaryFolder();
const storeIn = (folder: string): FileStore => new FileStore({ folder, maxBytes: 1e9, now: () => NOON });
const count = (sequence: number) => ({
  model: 'm',
  version: '1',
  column: 'x',
  time: NOON - 3 * DAY,
  cells: [1, sequence],
});

const everything = async (store: FileStore) => ({
  rows: await all(store),
  hours: await store.counts({ model: 'm', from: 0, to: NOON, scale: 'hour' }),
});

/** Maintains a copy of a store, killed at each change of a file in turn; the last time it comes to its end. */
async function killedAtEachStep(
  original: string,
  rules: { readonly now: number; readonly before?: Retention },
  look: (at: number, folder: string) => Promise<void>,
): Promise<number> {
  const folder = join(root, 'folder');
  for (let at = 1; ; at++) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(original, folder, { recursive: true });
    const { signal, status, stderr } = spawnSync(
      process.execPath,
      [
        '--require',
        './libs/testing/src/preload/killed-at.cjs',
        'test/faults/helper/maintain-store.mjs',
        folder,
        JSON.stringify(rules),
      ],
      { env: { ...process.env, KILL_AT: String(at), KILL_BELOW: folder }, encoding: 'utf8' },
    );
    if (signal === null) expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    await look(at, folder);
    if (signal === null) return at;
  }
}

/** As whoever comes next: the lease of who was killed ends in its time. */
async function prunedAgain(folder: string, before: Retention): Promise<FileStore> {
  for (const name of readdirSync(folder)) if (name.endsWith('.lease')) rmSync(join(folder, name));
  const survivor = storeIn(folder);
  await survivor.prune(before);
  return survivor;
}

it('A store loses and doubles nothing where its maintenance is killed at any step', async () => {
  const original = join(root, 'original');
  const store = storeIn(original);
  await store.append({ producer: 'a', sequence: 1, counts: [count(1)] });
  await store.prune(KEEP_ALL);
  await store.append({
    producer: 'a',
    sequence: 2,
    counts: [count(2)],
    rows: rowsOf([{ id: idAt(NOON, 2), raw: '{"a":1}' }]),
    labels: labelsOf([[idAt(NOON, 2), 'no', NOON]]),
  });
  await store.close();
  const expected = await everything(store);
  const steps = await killedAtEachStep(original, { now: NOON }, async (at, folder) => {
    expect([at, await everything(storeIn(folder))]).toEqual([at, expected]);
    if (at % 4 !== 0) return;
    expect([at, await everything(await prunedAgain(folder, KEEP_ALL))]).toEqual([at, expected]);
    expect(readdirSync(join(folder, 'segments'))).toEqual([]);
    expect(readdirSync(join(folder, 'files')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
  expect(steps).toBeGreaterThan(15);
});

it('What is too old is gone at once or not yet, where it is killed as it goes, and never comes back', async () => {
  const original = join(root, 'old');
  const store = storeIn(original);
  const [old, young] = [idAt(NOON - 3 * DAY, 1), idAt(NOON, 2)];
  const before: Retention = {
    rows: NOON - 2 * DAY,
    minutes: NOON - 2 * DAY,
    hours: NOON - 35 * DAY,
    days: NOON - 400 * DAY,
  };
  await store.append({
    producer: 'a',
    sequence: 1,
    counts: [count(1)],
    rows: rowsOf([old, young].map((id) => ({ id, raw: '{"a":1}' }))),
    labels: labelsOf([old, young].map((id) => [id, 'no', NOON])),
  });
  await store.prune(KEEP_ALL);
  await store.close();
  const whole = await everything(store);
  const left = { ...whole, rows: whole.rows.filter(({ id }) => id === young) };
  expect([whole.rows.length, left.rows.length]).toEqual([2, 1]);
  let isGone = false;
  const steps = await killedAtEachStep(original, { now: NOON, before }, async (at, folder) => {
    const found = await everything(storeIn(folder));
    isGone ||= found.rows.length === 1;
    expect([at, found]).toEqual([at, isGone ? left : whole]);
    if (at % 3 === 0) expect([at, await everything(await prunedAgain(folder, before))]).toEqual([at, left]);
  });
  expect([isGone, steps > 5]).toEqual([true, true]);
});
