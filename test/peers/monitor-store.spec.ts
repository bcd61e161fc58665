import pg from 'pg';
import { openStore, PredictionLog } from '#monitoring';
import { idText, mintIds } from '../../libs/runtime/src/prediction-ids.js';
import { customers } from '../../libs/monitoring/src/report/testing/traffic.js';
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

  it('has what eight processes of two hosts answer at a time, once, though each finds no tables at first', async () => {
    const [rows, calls] = [200, 3];
    const watched = customers();
    const { model, version, classes: labels, inputs } = watched;
    const columns = inputs.map(() => new Float64Array(rows).fill(1));
    const said = { labels, classIndices: Array(rows).fill(1), probabilities: Array(rows).fill(0.75) };
    const options = { store: postgres.url, schema: 'hosts', maxBytes: 0, script: '', tell: () => undefined };
    const logs = Array.from({ length: 8 }, () => new PredictionLog(options));
    const answered = logs.flatMap((log) => {
      log.know(watched, { rows: 'off', share: 1, slices: [], excluded: [] });
      return Array.from({ length: calls }, () => {
        const ids = mintIds(rows);
        log.scored({ name: model, version }, { start: 0, rows, ids, ...said, calls: 1, asked: { columns } });
        return Array.from({ length: rows }, (_, row) => idText(ids, row));
      }).flat();
    });
    await Promise.all(logs.map((log) => log.close(60_000)));
    for (const { tallies } of logs)
      expect([...tallies]).toEqual([[model, { logged: rows * calls, sampledOut: 0, dropped: 0 }]]);

    const store = await open('hosts');
    const ever = { model, from: 0, to: Number.MAX_SAFE_INTEGER };
    expect((await all(store, ever)).map(({ id }) => id)).toEqual(answered.sort());
    const counted = new Map<string, number[]>();
    for (const { column, cells } of await store.counts({ ...ever, scale: 'day' })) {
      const sums = column === '=rows' ? cells : [cells.reduce((sum, cell) => sum + cell, 0)];
      counted.set(
        column,
        sums.map((sum, i) => sum + (counted.get(column)?.[i] ?? 0)),
      );
    }
    const names = ['=class', '=score', ...inputs.map(({ name }) => name)];
    expect(counted).toEqual(
      new Map<string, number[]>([
        ['=rows', [answered.length, 8 * calls]],
        ...names.map((name): [string, number[]] => [name, [answered.length]]),
      ]),
    );
    await store.close();
  });

  it('drops the parts of days that are over, and deletes no row of them one by one', async () => {
    const store = await open('parts');
    const ids = [NOON - DAY, NOON].map((time) => idAt(time));
    await store.append({
      producer: 'a',
      sequence: 1,
      rows: rowsOf(ids.map((id) => ({ id, raw: '{}', weight: 1 }))),
      labels: labelsOf(ids.map((id) => [id, 'no', NOON])),
    });
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(`SET search_path = parts;
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a row is deleted'; END $$`);
    for (const table of ['predictions', 'raw', 'labels'])
      await client.query(`CREATE TRIGGER refuse BEFORE DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse()`);
    await expect(client.query('DELETE FROM labels')).rejects.toThrow('a row is deleted');
    const parts = async (): Promise<string[]> => {
      const found = await client.query<{ name: string }>(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits JOIN pg_class ON oid = inhrelid
         WHERE relkind = 'r' AND relnamespace = 'parts'::regnamespace`,
      );
      return found.rows.map(({ name }) => name).sort();
    };
    const ofDay = (date: string): string[] => ['labels', 'predictions', 'raw'].map((table) => `${table}_${date}`);
    expect(await parts()).toEqual([...ofDay('20261128'), ...ofDay('20261129')].sort());
    await store.prune({ ...KEEP_ALL, rows: NOON });
    const left = await parts();
    expect(left).toEqual(expect.arrayContaining(ofDay('20261129')));
    expect(left.filter((name) => name.endsWith('20261128'))).toEqual([]);
    expect((await all(store)).map(({ id, raw, label }) => [id, raw, label])).toEqual([[ids[1], '{}', 'no']]);
    await client.end();
    await store.close();
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
