import fc from 'fast-check';
import { DAY, HOUR } from '#kit';
import type { Batch, MonitorStore } from '../monitor-store.js';
import type { LabelRows, PredictionRows, StoredPrediction } from '../rows.js';

export const NOON = Date.UTC(2026, 10, 29, 12);
const ALL = { from: 0, to: NOON + 10 * DAY };
/** A retention that removes nothing. */
export const KEEP_ALL = { rows: 0, minutes: 0, hours: 0, days: 0 };

/** The `n`-th UUIDv7 of a time. */
export function idAt(time: number, n = 0): string {
  const [ms, rest] = [time.toString(16).padStart(12, '0'), n.toString(16).padStart(12, '0')];
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-${rest}`;
}

export interface StoredRow {
  id: string;
  externalId?: string;
  model?: string;
  version?: string;
  prediction?: string;
  score?: number | null;
  slices?: string;
  raw?: string;
  weight?: number;
}

export const rowsOf = (rows: readonly StoredRow[]): PredictionRows => ({
  ids: rows.map(({ id }) => id),
  externalIds: rows.map(({ externalId }) => externalId ?? null),
  models: rows.map(({ model }) => model ?? 'm'),
  versions: rows.map(({ version }) => version ?? '1'),
  predictions: rows.map(({ prediction }) => prediction ?? 'yes'),
  scores: rows.map(({ score }) => (score === undefined ? 0.5 : score)),
  slices: rows.map(({ slices }) => slices ?? null),
  raw: rows.map(({ raw }) => raw ?? null),
  weights: rows.map(({ weight }) => weight ?? null),
});

export const labelsOf = (labels: readonly (readonly [id: string, label: string, observedAt: number])[]): LabelRows => ({
  ids: labels.map(([id]) => id),
  labels: labels.map(([, label]) => label),
  observedAt: labels.map(([, , observedAt]) => observedAt),
});

export async function all(store: MonitorStore, query: object = {}): Promise<StoredPrediction[]> {
  const found: StoredPrediction[] = [];
  for await (const row of store.predictions({ model: 'm', ...ALL, ...query })) found.push(row);
  return found;
}

/**
 * Tests of every implementation of a store.
 *
 * @param fresh creates an empty store and returns the function that opens it; each call acts as another process
 */
export function itKeepsTheContract(fresh: () => Promise<() => Promise<MonitorStore>>): void {
  let open: () => Promise<MonitorStore>;
  let store: MonitorStore;
  let opened: MonitorStore[];
  let sequence: number;
  const another = async (): Promise<MonitorStore> => {
    const created = await open();
    opened.push(created);
    return created;
  };
  const append = (content: Omit<Batch, 'producer' | 'sequence'>, to = store): Promise<void> =>
    to.append({ producer: 'a', sequence: ++sequence, ...content });

  beforeEach(async () => {
    opened = [];
    sequence = 0;
    open = await fresh();
    store = await another();
  });
  afterEach(async () => {
    for (const each of opened) await each.close();
  });

  it('is empty at first', async () => {
    expect(await all(store)).toEqual([]);
    expect(await store.models()).toEqual([]);
    expect(await store.counts({ model: 'm', ...ALL, scale: 'minute' })).toEqual([]);
    expect(await store.outcomes({ model: 'm', ...ALL, edges: [0.5] })).toEqual([]);
    expect(await store.errors({ model: 'm', ...ALL, edges: [0.5] })).toEqual([]);
    expect(await store.events({})).toEqual([]);
    expect(await store.known([idAt(NOON)])).toEqual(new Map());
    expect(await store.byExternalId(['x'])).toEqual(new Map());
    expect(await store.forget([idAt(NOON)])).toBe(0);
    await store.prune(KEEP_ALL);
    expect((await store.usage()).gone).toEqual({ rows: 0, records: 0 });
  });

  it('returns rows bit for bit as appended, in the order of ids', async () => {
    const whole = {
      id: idAt(NOON, 2),
      externalId: 'order-7',
      prediction: 'ja, "vielleicht"\n',
      score: Math.fround(0.1),
      slices: '{"contract":"One year"}',
      raw: '{"a":0.1,"b":5e-324,"c":null,"d":"\\u0000ü"}',
      weight: 2.5,
    };
    await append({ rows: rowsOf([whole, { id: idAt(NOON, 1), prediction: '231000.5', score: null }]) });
    const nothing = { externalId: null, slices: null, raw: null, weight: null, label: null, observedAt: null };
    const common = { time: NOON, model: 'm', version: '1' };
    const expected = [
      { ...common, ...nothing, id: idAt(NOON, 1), prediction: '231000.5', score: null },
      { ...common, ...nothing, ...whole },
    ];
    expect(await all(store)).toEqual(expected);
    await store.prune(KEEP_ALL);
    expect(await all(await another())).toEqual(expected);
  });

  it('filters by model, version and time, whose end is exclusive', async () => {
    await append({
      rows: rowsOf([
        { id: idAt(NOON - 1) },
        { id: idAt(NOON), version: '2' },
        { id: idAt(NOON + 1), model: 'other' },
        { id: idAt(NOON + DAY) },
      ]),
    });
    const idsOf = async (query: object): Promise<string[]> => (await all(store, query)).map(({ id }) => id);
    expect(await idsOf({})).toEqual([idAt(NOON - 1), idAt(NOON), idAt(NOON + DAY)]);
    expect(await store.models()).toEqual(['m', 'other']);
    expect(await idsOf({ version: '2' })).toEqual([idAt(NOON)]);
    expect(await idsOf({ from: NOON, to: NOON + DAY })).toEqual([idAt(NOON)]);
    expect(await idsOf({ model: 'other' })).toEqual([idAt(NOON + 1)]);
    expect(await idsOf({ model: "o'ther" })).toEqual([]);
  });

  it('stores a batch of a producer once, whichever process repeats it', async () => {
    const batch: Batch = {
      producer: 'a',
      sequence: 1,
      rows: rowsOf([{ id: idAt(NOON) }]),
      counts: [{ model: 'm', version: '1', column: 'x', time: NOON, cells: [1, 2] }],
    };
    await store.append(batch);
    await store.append(batch);
    await (await another()).append(batch);
    await store.append({ ...batch, producer: 'b', rows: rowsOf([{ id: idAt(NOON, 1) }]) });
    const counts = [{ model: 'm', version: '1', column: 'x', time: NOON, cells: [2, 4] }];
    const look = async (): Promise<void> => {
      expect(await store.counts({ model: 'm', ...ALL, scale: 'minute' })).toEqual(counts);
      expect((await all(store)).map(({ id }) => id)).toEqual([idAt(NOON), idAt(NOON, 1)]);
    };
    await look();
    await store.prune(KEEP_ALL);
    await look();
    await (await another()).append(batch);
    await look();
  });

  it('merges counts over producers, order and parts, at every scale', async () => {
    const part = fc.record({
      producer: fc.constantFrom('p', 'q'),
      version: fc.constantFrom('1', '2'),
      column: fc.constantFrom('x', 'y'),
      minute: fc.integer({ min: 0, max: 3_000 }),
      cells: fc.array(fc.nat({ max: 1e9 }), { minLength: 2, maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 12 }), fc.nat({ max: 11 }), async (parts, pruned) => {
        const ours = await (await fresh())();
        try {
          const sequences = { p: 0, q: 0 };
          for (const [i, { producer, version, column, minute, cells }] of parts.entries()) {
            const time = NOON + minute * 60_000;
            await ours.append({
              producer,
              sequence: ++sequences[producer as 'p'],
              counts: [{ model: 'm', version, column, time, cells }],
            });
            if (i === pruned) await ours.prune(KEEP_ALL);
          }
          for (const [scale, unit] of [
            ['minute', 60_000],
            ['hour', HOUR],
            ['day', DAY],
          ] as const) {
            const sums = new Map<string, number[]>();
            for (const { version, column, minute, cells } of parts) {
              const time = NOON + minute * 60_000;
              const key = JSON.stringify([version, column, time - (time % unit)]);
              sums.set(
                key,
                cells.map((cell, i) => cell + (sums.get(key)?.[i] ?? 0)),
              );
            }
            const found = await ours.counts({ model: 'm', from: NOON - DAY, to: NOON + 5 * DAY, scale });
            expect(
              found.map(({ version, column, time, cells }) => [JSON.stringify([version, column, time]), cells]).sort(),
            ).toEqual([...sums].sort());
          }
        } finally {
          await ours.close();
        }
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  it('merges lists of different lengths to the longer one', async () => {
    const count = { model: 'm', version: '1', column: 'x', time: NOON };
    await append({ counts: [{ ...count, cells: [1, 2] }] });
    await append({ counts: [{ ...count, cells: [1, 0, 5] }] });
    expect(await store.counts({ model: 'm', ...ALL, scale: 'minute' })).toEqual([{ ...count, cells: [2, 2, 5] }]);
  });

  it('joins labels by the day of the prediction; the latest observed counts, whatever the order', async () => {
    const rows = [
      { id: idAt(NOON, 1), score: 0.5, prediction: 'yes', slices: '{"s":"a"}' },
      { id: idAt(NOON, 2), score: Math.fround(0.6), prediction: 'yes', slices: '{"s":1}' },
      { id: idAt(NOON, 3), score: 0.75, prediction: 'no', slices: '{"s":"a"}' },
      { id: idAt(NOON + DAY, 4), score: 0.5, prediction: 'yes', slices: '{"s":"a"}' },
    ];
    const labels = [
      [idAt(NOON, 1), 'yes', NOON + 5],
      [idAt(NOON, 1), 'no', NOON + 7],
      [idAt(NOON, 1), 'yes', NOON + 7],
      [idAt(NOON, 1), 'no', NOON + 6],
      [idAt(NOON, 2), 'no', NOON + 40 * DAY],
    ] as const;
    const day = NOON - 12 * HOUR;
    const cohort = { version: '1', slice: null };
    const expected = [
      { ...cohort, day, bin: 0, prediction: 'yes', label: 'yes', rows: 1 },
      { ...cohort, day, bin: 1, prediction: 'no', label: null, rows: 1 },
      { ...cohort, day, bin: 1, prediction: 'yes', label: 'no', rows: 1 },
      { ...cohort, day: day + DAY, bin: 0, prediction: 'yes', label: null, rows: 1 },
    ];
    // Half of the labels arrive before their predictions, half after, and some before maintenance.
    await append({ labels: labelsOf(labels.slice(3)) });
    await append({ rows: rowsOf(rows) });
    await store.prune(KEEP_ALL);
    for (const label of labels.slice(0, 3)) await append({ labels: labelsOf([label]) });
    const edges = [0.5, 0.9];
    const sorted = (found: readonly object[]): string[] => found.map((each) => JSON.stringify(each)).sort();
    const keys = (each: Record<string, unknown>): object =>
      Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)));
    const look = async (): Promise<void> =>
      expect(sorted((await store.outcomes({ model: 'm', ...ALL, edges })).map((each) => keys({ ...each })))).toEqual(
        sorted(expected.map(keys)),
      );
    await look();
    await store.prune(KEEP_ALL);
    await look();
    const bySlice = await store.outcomes({ model: 'm', from: day, to: day + DAY, edges: [], slice: 's' });
    expect(bySlice.map(({ slice, bin, rows: n }) => [slice, bin, n])).toEqual(
      expect.arrayContaining([
        ['"a"', 0, 1],
        ['1', 0, 1],
      ]),
    );
    expect((await all(store)).map(({ label, observedAt }) => [label, observedAt])).toEqual([
      ['yes', NOON + 7],
      ['no', NOON + 40 * DAY],
      [null, null],
      [null, null],
    ]);
  });

  it('sums errors of predicted numbers; an invalid label counts as missing', async () => {
    await append({
      rows: rowsOf(
        ['1.5', '-2', '10', '11', '12', '13'].map((prediction, n) => ({ id: idAt(NOON, n), prediction, score: null })),
      ),
      labels: labelsOf([
        [idAt(NOON, 0), '1', NOON],
        [idAt(NOON, 1), '-1.5', NOON],
        [idAt(NOON, 2), 'ten', NOON],
        // Their squares, or they themselves, exceed the range of a double.
        [idAt(NOON, 3), '1e200', NOON],
        [idAt(NOON, 4), '1e999', NOON],
        [idAt(NOON, 5), '9'.repeat(500), NOON],
      ]),
    });
    const cohort = { version: '1', day: NOON - 12 * HOUR, slice: null };
    expect(await store.errors({ model: 'm', ...ALL, edges: [1.5] })).toEqual([
      { ...cohort, bin: 0, rows: 2, labels: 2, sum: 0, absolute: 1, squares: 0.5, fourths: 0.125 },
      { ...cohort, bin: 1, rows: 4, labels: 0, sum: 0, absolute: 0, squares: 0, fourths: 0 },
    ]);
  });

  it('finds predictions and their labels by their ids, and by external ids', async () => {
    await append({
      rows: rowsOf([
        { id: idAt(NOON, 1), externalId: 'once' },
        { id: idAt(NOON, 2), externalId: 'twice' },
        { id: idAt(NOON - 3 * DAY, 3), externalId: 'twice' },
      ]),
      labels: labelsOf([[idAt(NOON, 1), 'no', NOON + 1]]),
    });
    for (const look of [store, await another()]) {
      expect(await look.known([idAt(NOON, 1), idAt(NOON - 3 * DAY, 3), idAt(NOON, 9)])).toEqual(
        new Map([
          [idAt(NOON, 1), { model: 'm', version: '1', label: 'no', observedAt: NOON + 1 }],
          [idAt(NOON - 3 * DAY, 3), { model: 'm', version: '1', label: null, observedAt: null }],
        ]),
      );
      expect(await look.byExternalId(['once', 'twice', 'never'])).toEqual(
        new Map([
          ['once', [idAt(NOON, 1)]],
          ['twice', [idAt(NOON - 3 * DAY, 3), idAt(NOON, 2)]],
        ]),
      );
      await store.prune(KEEP_ALL);
    }
  });

  it('keeps events in the order of their times, each once', async () => {
    const event = { id: idAt(NOON), time: NOON, model: 'm', kind: 'drift.opened', body: { column: 'ü', p: 1e-9 } };
    const later = { ...event, id: idAt(NOON, 1), time: NOON + 1, kind: 'drift.closed' };
    const other = { ...event, id: idAt(NOON, 2), time: NOON + 2, model: 'other' };
    for (const each of [later, event, other, event]) await store.record(each);
    expect(await (await another()).events({})).toEqual([event, later, other]);
    expect(await store.events({ model: 'm', from: NOON + 1 })).toEqual([later]);
    expect(await store.events({ kind: 'drift.opened' })).toEqual([event, other]);
  });

  it('keeps one note of each name, until it is removed', async () => {
    expect(await store.notes('')).toEqual(new Map());
    await store.keep('watch/a b/ü', { at: 1 });
    await store.keep('watch/a', [0.1, null, 'x"']);
    await store.keep('hour/a%_', 1);
    await store.keep('watch/a b/ü', { at: 2 });
    const look = await another();
    expect([...(await look.notes('watch/'))]).toEqual([
      ['watch/a', [0.1, null, 'x"']],
      ['watch/a b/ü', { at: 2 }],
    ]);
    expect([...(await look.notes('hour/a%_'))]).toEqual([['hour/a%_', 1]]);
    expect(await look.notes('our')).toEqual(new Map());
    await store.keep('watch/a', null);
    await store.keep('watch/a', null);
    expect([...(await look.notes(''))].map(([name]) => name)).toEqual(['hour/a%_', 'watch/a b/ü']);
  });

  it('leases a job to one holder at a time, who may renew it', async () => {
    const [second, third] = [await another(), await another()];
    const taken = await Promise.all([store, second, third].map((each) => each.lease('jobs', 60)));
    expect(taken.filter((lease) => lease)).toHaveLength(1);
    const holder = [store, second, third][taken.findIndex((lease) => lease)];
    const others = [store, second, third].filter((each) => each !== holder);
    expect(await holder.lease('jobs', 60)).toBeDefined();
    expect(await others[0].lease('jobs', 60)).toBeUndefined();
    expect(await others[0].lease('other', 60)).toBeDefined();
    await (await holder.lease('jobs', 60))!.release();
    expect(await others[1].lease('jobs', 60)).toBeDefined();
    expect(await holder.lease('jobs', 60)).toBeUndefined();
    // A lease that expires at once.
    expect(await others[1].lease('jobs', 0)).toBeDefined();
    expect(await holder.lease('jobs', 60)).toBeDefined();
  });

  it('forgets rows and labels, in segments and files', async () => {
    const ids = [1, 2, 3].map((n) => idAt(NOON, n));
    await append({ rows: rowsOf(ids.map((id) => ({ id, raw: '{"a":1}' }))) });
    await append({ labels: labelsOf(ids.map((id) => [id, 'no', NOON])) });
    expect(await store.forget([ids[0], idAt(NOON, 9)])).toBe(1);
    expect((await all(store)).map(({ id }) => id)).toEqual(ids.slice(1));
    await store.prune(KEEP_ALL);
    expect(await (await another()).forget([ids[1]])).toBe(1);
    expect((await all(store)).map(({ id, label }) => [id, label])).toEqual([[ids[2], 'no']]);
    expect(await store.known(ids)).toEqual(
      new Map([[ids[2], { model: 'm', version: '1', label: 'no', observedAt: NOON }]]),
    );
  });

  it('drops whole days of rows, and makes old counts coarser', async () => {
    const [old, young] = [NOON - 2 * DAY, NOON];
    const count = { model: 'm', version: '1', column: 'x' };
    await append({
      rows: rowsOf([{ id: idAt(old), raw: '{}' }, { id: idAt(young) }]),
      labels: labelsOf([[idAt(old), 'yes', NOON]]),
      counts: [old, old + 60_000, old + HOUR, young].map((time) => ({ ...count, time, cells: [1, 0] })),
    });
    const times = async (scale: 'minute' | 'hour' | 'day'): Promise<(readonly number[])[]> =>
      (await store.counts({ model: 'm', ...ALL, scale })).map(({ time, cells }) => [time, ...cells]);
    await store.prune({ ...KEEP_ALL, rows: NOON, minutes: NOON });
    for (let run = 0; run < 2; run++) {
      expect((await all(store)).map(({ id }) => id)).toEqual([idAt(young)]);
      expect(await store.known([idAt(old)])).toEqual(new Map());
      expect(await times('minute')).toEqual([[young, 1, 0]]);
      expect(await times('hour')).toEqual([
        [old, 2, 0],
        [old + HOUR, 1, 0],
        [young, 1, 0],
      ]);
      await store.prune({ ...KEEP_ALL, rows: NOON, minutes: NOON });
    }
    await store.prune({ ...KEEP_ALL, minutes: NOON, hours: NOON });
    expect(await times('hour')).toEqual([[young, 1, 0]]);
    expect(await times('day')).toEqual([
      [old - 12 * HOUR, 3, 0],
      [young - 12 * HOUR, 1, 0],
    ]);
    await store.prune({ ...KEEP_ALL, days: NOON });
    expect(await times('day')).toEqual([[young - 12 * HOUR, 1, 0]]);
  });

  it('adds late counts to a day that is already coarse', async () => {
    const count = { model: 'm', version: '1', column: 'x', cells: [1] };
    await append({ counts: [{ ...count, time: NOON - 2 * DAY }] });
    await store.prune({ ...KEEP_ALL, minutes: NOON });
    await append({ counts: [{ ...count, time: NOON - 2 * DAY + 60_000 }] });
    await store.prune({ ...KEEP_ALL, minutes: NOON });
    expect(await store.counts({ model: 'm', ...ALL, scale: 'hour' })).toEqual([
      { ...count, time: NOON - 2 * DAY, cells: [2] },
    ]);
  });
}
