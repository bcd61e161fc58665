import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY } from '#kit';
import { temporaryFolder } from '#testing';
import { RecordRows } from '../../log/record-rows.js';
import { all, idAt, itKeepsTheContract, KEEP_ALL, labelsOf, NOON, rowsOf } from '../testing/store-contract.js';
import { expectWithinBound, keepManyDays } from '../testing/many-days.js';
import { FileStore } from './file-store.js';

const root = temporaryFolder();
let number = 0;
const newFolder = (): string => join(root, String(++number));
/** Its clock is far from the files' times, so segments count as settled. */
const storeIn = (folder: string, maxBytes = 1e9): FileStore => new FileStore({ folder, maxBytes, now: () => NOON });

describe('FileStore', () => {
  itKeepsTheContract(() => {
    const folder = newFolder();
    return Promise.resolve(() => Promise.resolve(storeIn(folder)));
  });

  const batch = (sequence: number, producer = 'a') => ({
    producer,
    sequence,
    rows: rowsOf([{ id: idAt(NOON, sequence), raw: '{"a":1}' }, { id: idAt(NOON - DAY, sequence) }]),
    counts: [{ model: 'm', version: '1', column: 'x', time: NOON - 3 * DAY, cells: [1, sequence] }],
    labels: labelsOf([[idAt(NOON, sequence), 'no', NOON]]),
  });
  const files = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

  it('reads a segment truncated at any byte up to its last complete batch, and moves no more into files', async () => {
    const folder = newFolder();
    const store = storeIn(folder);
    await store.append(batch(1));
    await store.append(batch(2));
    await store.close();
    const segment = join(folder, 'segments/a-000000001.ndjson');
    const bytes = readFileSync(segment);
    const first = bytes.indexOf('\n') + 1;
    const cuts = new Set([0, 1, first - 1, first, first + 1, bytes.length - 1, bytes.length]);
    for (let cut = 0; cut < bytes.length; cut += 41) cuts.add(cut);
    for (const cut of cuts) {
      writeFileSync(segment, bytes.subarray(0, cut));
      const whole = cut >= bytes.length - 1 ? 2 : cut >= first - 1 ? 1 : 0;
      expect([cut, (await all(store)).length]).toEqual([cut, 2 * whole]);
    }
    writeFileSync(segment, bytes.subarray(0, bytes.length - 5));
    const next = storeIn(folder);
    await next.append(batch(2));
    await next.prune(KEEP_ALL);
    expect(await all(next)).toHaveLength(4);
    await next.close();
  });

  it('removes the oldest raw rows first, then the oldest records with their labels, never counts, and counts what it removed', async () => {
    const folder = newFolder();
    const count = { model: 'm', version: '1', column: 'x', time: NOON - 2 * DAY, cells: [3] };
    const days = [NOON - 2 * DAY, NOON - DAY, NOON];
    const store = storeIn(folder);
    const size = 200;
    await store.append({
      producer: 'a',
      sequence: 1,
      counts: [count],
      rows: rowsOf(
        days.flatMap((day) => Array.from({ length: size }, (_, n) => ({ id: idAt(day, n), raw: `{"a":${n / 7}}` }))),
      ),
      labels: labelsOf(days.map((day) => [idAt(day), 'no', NOON])),
    });
    await store.prune(KEEP_ALL);
    const look = async (): Promise<number[][]> => {
      const rows = await all(store);
      return days.map((day) => {
        const ofDay = rows.filter(({ id }) => id.startsWith(idAt(day).slice(0, 13)));
        return [ofDay.filter(({ raw }) => raw).length, ofDay.length, ofDay.filter(({ label }) => label).length];
      });
    };
    const everyDay = [size, size, 1];
    expect(await look()).toEqual([everyDay, everyDay, everyDay]);
    const { bytes } = await store.usage();
    const shrinkTo = (most: number): Promise<void> => storeIn(folder, most).prune(KEEP_ALL);
    await shrinkTo(bytes - 1);
    expect([await look(), (await store.usage()).gone]).toEqual([
      [[0, size, 1], everyDay, everyDay],
      { rows: size, records: 0 },
    ]);
    await shrinkTo(0);
    expect([await look(), (await store.usage()).gone]).toEqual([
      days.map(() => [0, 0, 0]),
      { rows: 3 * size, records: 3 * size },
    ]);
    expect(await store.counts({ model: 'm', from: 0, to: NOON, scale: 'minute' })).toEqual([count]);
    expect((await store.usage()).bytes).toBeGreaterThan(0);
  });

  it('leaves no trace of an erased prediction in any file, once its segment is settled', async () => {
    const folder = newFolder();
    let now = Date.now();
    const store = new FileStore({ folder, maxBytes: 1e9, now: () => now });
    const [gone, kept] = [idAt(NOON, 1), idAt(NOON, 2)];
    const rows = (id: string) => ({ rows: rowsOf([{ id, externalId: `of ${id}`, raw: `{"of":"${id}"}` }]) });
    await store.append({ producer: 'a', sequence: 1, ...rows(gone), labels: labelsOf([[gone, 'no', NOON]]) });
    await store.append({ producer: 'a', sequence: 2, ...rows(kept) });
    // Another process erases it, and cannot close the segment of the first.
    expect(await new FileStore({ folder, maxBytes: 1e9, now: () => now }).forget([gone])).toBe(1);
    expect((await all(store)).map(({ id }) => id)).toEqual([kept]);
    const traces = (): string[] =>
      files(folder).filter((name) => {
        const path = join(folder, name);
        const text = name.includes('.') ? readFileSync(path, 'latin1') : '';
        return text.includes(gone) || text.includes(Buffer.from(gone.replaceAll('-', ''), 'hex').toString('latin1'));
      });
    expect(traces()).not.toEqual([]);
    for (let run = 0; run < 2; run++) {
      now += 600_000;
      await store.prune(KEEP_ALL);
    }
    expect(traces()).toEqual([]);
    expect((await all(store)).map(({ id, raw }) => [id, raw])).toEqual([[kept, `{"of":"${kept}"}`]]);
    await store.append({ producer: 'a', sequence: 3, ...rows(idAt(NOON, 3)) });
    expect(await all(store)).toHaveLength(2);
    await store.close();
  });

  it('reads rows that serialize themselves exactly as the same rows in lists', async () => {
    const labels = ['no', 'ja, "sicher"'];
    const ids = (n: number): Uint8Array<ArrayBuffer> =>
      Uint8Array.from(Buffer.from([1, 2, 3].map((i) => idAt(NOON, n + i).replaceAll('-', '')).join(''), 'hex'));
    const lists = { ids: ids(0), classes: Uint16Array.of(0, 1, 0), scores: Float32Array.of(0.1, 1, 1e-9) };
    const chunk = { model: 'm', version: '1', rows: 3, calls: 1, columns: [] };
    const numbers = { ...chunk, ids: ids(10), labels: [], values: Float64Array.of(1 / 3, -0.5, 1e300) };
    const rows = new RecordRows([
      { ...chunk, ...lists, labels },
      { ...lists, ...numbers, externalIds: ['a', null, 'b'] },
    ]);
    const [written, listed] = [newFolder(), newFolder()].map((folder) => storeIn(folder));
    await written.append({ producer: 'a', sequence: 1, rows });
    const { externalIds, models, versions, predictions, scores, slices, raw, weights } = rows;
    await listed.append({
      producer: 'a',
      sequence: 1,
      rows: { ids: rows.ids, externalIds, models, versions, predictions, scores, slices, raw, weights },
    });
    const found = await all(written);
    expect(found).toHaveLength(6);
    expect(found.map(({ externalId }) => externalId)).toEqual([null, null, null, 'a', null, 'b']);
    expect(found).toEqual(await all(listed));
    await written.prune(KEEP_ALL);
    expect(await all(written)).toEqual(found);
  });

  it('merges the small files of a day', async () => {
    const folder = newFolder();
    for (let n = 1; n <= 9; n++) {
      const store = storeIn(folder);
      await store.append({ producer: `p${n}`, sequence: 1, rows: rowsOf([{ id: idAt(NOON, n) }]) });
      await store.close();
      await store.prune(KEEP_ALL);
    }
    expect(readdirSync(join(folder, 'files'))).toHaveLength(2);
    expect(await all(storeIn(folder))).toHaveLength(9);
  });

  it('never exceeds its size limit, day after day, and accounts for every row', async () => {
    const many = { days: 12, rowsPerDay: 200, maxBytes: 40_000, every: 2 };
    expectWithinBound(await keepManyDays(newFolder(), many), many);
  });

  it('does not touch a segment that may still be written to', async () => {
    const folder = newFolder();
    const store = new FileStore({ folder, maxBytes: 1e9 });
    await store.append(batch(1));
    await new FileStore({ folder, maxBytes: 1e9 }).prune(KEEP_ALL);
    const segment = join(folder, 'segments', readdirSync(join(folder, 'segments'))[0]);
    await store.append(batch(2));
    expect(await all(store)).toHaveLength(4);
    await store.close();
    utimesSync(segment, new Date(), new Date(Date.now() - 600_000));
    await new FileStore({ folder, maxBytes: 1e9 }).prune(KEEP_ALL);
    expect(readdirSync(join(folder, 'segments'))).toEqual([]);
    expect(await all(store)).toHaveLength(4);
  });

  it('rejects with the error of the file system, and works again once it is resolved', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, 'segments'), 'no folder');
    const store = storeIn(folder);
    await expect(store.append(batch(1))).rejects.toThrow('EEXIST');
    rmSync(join(folder, 'segments'));
    await store.append(batch(1));
    expect(await all(store)).toHaveLength(2);
    await store.close();
  });
});
