import { openStore } from '#monitoring';
import { FileStore } from '../../libs/monitoring/src/store/file/file-store.js';
import { moveStore } from '../../libs/monitoring/src/store/move-store.js';
import type { MonitorStore } from '../../libs/monitoring/src/store/monitor-store.js';
import {
  all,
  idAt,
  itKeepsTheContract,
  KEEP_ALL,
  labelsOf,
  NOON,
  rowsOf,
} from '../../libs/monitoring/src/store/testing/store-contract.js';
import { temporaryFolder } from '#testing';
import { type Postgres, startPostgres } from './helper/postgres.js';

const DAY = 86_400_000;
const EVER = { from: 0, to: NOON + DAY };
const folder = temporaryFolder();
let postgres: Postgres;
let number = 0;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const open = (schema: string): Promise<MonitorStore> => openStore({ store: postgres.url, schema, maxBytes: 0 });

describe('PostgresStore', () => {
  itKeepsTheContract(() => {
    const schema = `monitor ${++number}`;
    return Promise.resolve(() => open(schema));
  });

  it('is migrated once by however many begin at a time, who all count', async () => {
    const stores = await Promise.all([1, 2, 3, 4].map(() => open('together')));
    await Promise.all(
      stores.map((store, n) =>
        store.append({
          producer: String(n),
          sequence: 1,
          rows: rowsOf([{ id: idAt(NOON, n) }]),
          counts: [{ model: 'm', version: '1', column: 'x', time: NOON, cells: [1] }],
        }),
      ),
    );
    expect(await stores[0].counts({ model: 'm', ...EVER, scale: 'minute' })).toEqual([
      { model: 'm', version: '1', column: 'x', time: NOON, cells: [4] },
    ]);
    expect(await all(stores[3])).toHaveLength(4);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('is what an embedded store was, however often that is copied', async () => {
    const source = new FileStore({ folder, maxBytes: 1e9, now: () => NOON });
    const count = { model: 'm', version: '1', column: 'x', cells: [1, 2] };
    await source.append({
      producer: 'a',
      sequence: 1,
      rows: rowsOf([
        ...Array.from({ length: 5_001 }, (_, n) => ({ id: idAt(NOON, n) })),
        { id: idAt(NOON - DAY), model: 'n', raw: '{"a":0.1}', weight: 3, externalId: 'x', slices: '{"s":1}' },
      ]),
      labels: labelsOf([[idAt(NOON, 7), 'no', NOON]]),
      counts: [NOON - 90 * DAY, NOON - 5 * DAY, NOON - 5 * DAY + 60_000, NOON].map((time) => ({ ...count, time })),
    });
    await source.record({ id: 'e', time: NOON, model: 'm', kind: 'k', body: { why: 'ü' } });
    await source.prune({ ...KEEP_ALL, minutes: NOON - DAY, hours: NOON - 60 * DAY });
    const target = await open('moved');
    const moved = { predictions: 5_002, labels: 1, counts: 3, events: 1 };
    for (let turn = 0; turn < 2; turn++) {
      expect(await moveStore(source, target, 'it')).toEqual(moved);
      for (const model of ['m', 'n']) {
        expect(await all(target, { model })).toEqual(await all(source, { model }));
        for (const scale of ['hour', 'day'] as const) {
          const query = { model, from: NOON - 60 * DAY, to: NOON + DAY, scale };
          expect(await target.counts(query)).toEqual(await source.counts(query));
        }
      }
      const days = { model: 'm', ...EVER, scale: 'day' } as const;
      expect((await target.counts(days)).map(({ cells }) => cells)).toEqual(
        (await source.counts(days)).map(({ cells }) => cells),
      );
      expect(await target.events({})).toEqual(await source.events({}));
    }
    await Promise.all([source.close(), target.close()]);
  });

  it('refuses what the database, which is gone, cannot keep', async () => {
    const other = await startPostgres();
    const store = await openStore({ store: other.url, schema: 's', maxBytes: 0 });
    const batch = { producer: 'a', sequence: 1, rows: rowsOf([{ id: idAt(NOON) }]) };
    await store.append(batch);
    await other.stop();
    await expect(store.append({ ...batch, sequence: 2 })).rejects.toThrow();
    await store.close();
  });
});
