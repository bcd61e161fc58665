import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR } from '#kit';
import { type MonitorStore, openStore } from '#monitoring';
import { temporaryFolder, TINY_RECIPE } from '#testing';
import { trainingTable } from './training-table.js';

const BEGUN = Date.parse('2026-03-01T00:00:00Z');
const TABLE = 'weight_kg,distance_km,value_eur,by\n1,2,3,road\n';
const ROW = { weight_kg: 0.5, distance_km: 700, value_eur: null };

interface Logged {
  /** Hours after {@link BEGUN}. */
  readonly at: number;
  readonly externalId?: string;
  readonly raw?: object | null;
  readonly label?: string;
  readonly observed?: number;
}

const idOf = ({ at }: Logged, n: number): string => {
  const time = (BEGUN + at * HOUR).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`;
};

describe('trainingTable', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'parcels.csv');
  writeFileSync(path, TABLE);
  let stores = 0;
  let store: MonitorStore;
  const log = async (rows: readonly Logged[], version: object | undefined): Promise<void> => {
    store = await openStore({ store: join(folder, `store-${++stores}`), schema: 'skewless', maxBytes: 1e9 });
    if (version) await store.keep('version/tiny/1', { model: 'tiny', version: '1', loadedAt: 0, ...version });
    const labelled = rows.flatMap((row, n) => (row.label === undefined ? [] : [{ ...row, id: idOf(row, n) }]));
    await store.append({
      producer: 'a server',
      sequence: 1,
      rows: {
        ids: rows.map(idOf),
        externalIds: rows.map(({ externalId = null }) => externalId),
        models: rows.map(() => 'tiny'),
        versions: rows.map(() => '1'),
        predictions: rows.map(() => 'air'),
        scores: rows.map(() => 0.5),
        slices: rows.map(() => null),
        raw: rows.map(({ raw = ROW }) => raw && JSON.stringify(raw)),
        weights: rows.map(({ raw }) => (raw === null ? null : 1)),
      },
      labels: {
        ids: labelled.map(({ id }) => id),
        labels: labelled.map(({ label }) => label!),
        observedAt: labelled.map(({ at, observed = at }) => BEGUN + observed * HOUR),
      },
    });
  };
  const classes = ['air', 'road', 'sea'];
  const parcels = { classes, inputs: TINY_RECIPE.inputs, task: 'multiclass' };
  const make = (changed: object = {}) =>
    trainingTable({
      store,
      model: 'tiny',
      champion: '1',
      path,
      target: 'by',
      folder: join(folder, 'tables'),
      from: BEGUN,
      to: BEGUN + 10 * HOUR,
      trustsLabels: true,
      ...changed,
    });
  const span = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-01T10:00:00.000Z' };
  const none = { not_kept: 0, repeated: 0, incomplete: 0, unfit: 0 };
  afterEach(() => store.close());

  it('is the table, then the labelled rows of the window, oldest first, each id once', async () => {
    await log(
      [
        { at: -1, label: 'air' },
        { at: 1, label: 'sea', externalId: 'p-1' },
        { at: 2, label: 'air', raw: { ...ROW, weight_kg: 2 } },
        { at: 3 },
        { at: 4, label: 'road', externalId: 'p-1', raw: { ...ROW, value_eur: 1e-7 } },
        { at: 5, label: 'road', externalId: 'p-2', raw: { ...ROW, weight_kg: 5 } },
        { at: 6, label: 'air', externalId: 'p-2', raw: null },
        { at: 7, label: 'train' },
        { at: 8, label: 'air', raw: { weight_kg: 1, distance_km: 2 } },
        { at: 9, label: 'air', observed: 11 },
        { at: 10, label: 'air' },
      ],
      parcels,
    );
    const made = await make();
    const left_out = { not_kept: 1, repeated: 1, incomplete: 1, unfit: 1 };
    const note =
      'the table and 3 labelled rows of the log; left out: 1 without their raw values (monitor.rows), 1 that came again later by the same id, 1 without a column that the model reads (monitor.excluded), 1 with a label or a value that has no place in the table';
    expect(made).toEqual({ path: join(folder, 'tables', 'tiny.csv'), log: { rows: 3, ...span, left_out, note } });
    expect(readFileSync(made.path!, 'utf8')).toBe(`${TABLE}2,700,,air\n0.5,700,1e-7,road\n5,700,,road\n`);
    const bytes = readFileSync(made.path!);
    expect(await make()).toEqual(made);
    expect(readFileSync(made.path!)).toEqual(bytes);
  });

  it('takes numbers where numbers are predicted', async () => {
    await log(
      [
        { at: 1, label: '12.5' },
        { at: 2, label: 'much' },
      ],
      { ...parcels, classes: [], task: 'regression' },
    );
    const { path: made, log: used } = await make();
    expect(readFileSync(made!, 'utf8')).toBe(`${TABLE}0.5,700,,12.5\n`);
    expect(used).toMatchObject({ rows: 1, left_out: { ...none, unfit: 1 } });
  });

  it.each<[string, readonly Logged[], object | undefined, object, string, object]>([
    [
      'rows are not kept',
      [{ at: 1, label: 'air', raw: null }],
      parcels,
      {},
      'the table alone: no labelled row of the log fits; left out: 1 without their raw values (monitor.rows)',
      { not_kept: 1 },
    ],
    ['nothing has a label', [{ at: 1 }], parcels, {}, 'the table alone: no labelled row of the log fits', {}],
    [
      'labels come from anybody',
      [{ at: 1, label: 'air' }],
      parcels,
      { trustsLabels: false },
      'the table alone: labels do not count, as servers have no keys',
      {},
    ],
    [
      'the log knows nothing of the champion',
      [{ at: 1, label: 'air' }],
      undefined,
      {},
      'the table alone: no server with a log has served version 1',
      {},
    ],
    [
      'there is no champion',
      [{ at: 1, label: 'air' }],
      parcels,
      { champion: undefined },
      'the table alone: no version has served yet',
      {},
    ],
  ])('is the table alone where %s, and says so', async (_, rows, version, changed, note, left_out) => {
    await log(rows, version);
    expect(await make(changed)).toEqual({ log: { rows: 0, ...span, left_out: { ...none, ...left_out }, note } });
  });
});
