import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
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

const everything = async (store: FileStore): Promise<unknown> => ({
  rows: await all(store),
  hours: await store.counts({ model: 'm', from: 0, to: NOON, scale: 'hour' }),
});

it('A store loses and doubles nothing where keeping its house is killed at any step', async () => {
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
  const folder = join(root, 'folder');
  let steps = 0;
  for (let at = 1, isWhole = false; !isWhole; at++, steps++) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(original, folder, { recursive: true });
    const { signal, status, stderr } = spawnSync(
      process.execPath,
      [
        '--require',
        './libs/testing/src/preload/killed-at.cjs',
        'test/faults/helper/keep-house.mjs',
        folder,
        String(NOON),
      ],
      { env: { ...process.env, KILL_AT: String(at), KILL_BELOW: folder }, encoding: 'utf8' },
    );
    isWhole = signal === null;
    if (isWhole) expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const survivor = storeIn(folder);
    expect([at, await everything(survivor)]).toEqual([at, expected]);
    if (at % 4 !== 0) continue;
    // The lease of who was killed ends in its time.
    for (const name of readdirSync(folder)) if (name.endsWith('.lease')) rmSync(join(folder, name));
    await survivor.prune(KEEP_ALL);
    expect([at, await everything(survivor)]).toEqual([at, expected]);
    expect(readdirSync(join(folder, 'segments'))).toEqual([]);
    expect(readdirSync(join(folder, 'files')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  }
  expect(steps).toBeGreaterThan(15);
});
