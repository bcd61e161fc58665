import { type Baseline, numberCells } from '#bundle';
import { DAY, RandomStream } from '#kit';
import { temporaryFolder } from '#testing';
import { join } from 'node:path';
import { toCellCounts } from '../counts/cell-counts.js';
import { FileStore } from '../store/file/file-store.js';
import type { MonitorStore } from '../store/monitor-store.js';
import { idAt, labelsOf, rowsOf } from '../store/testing/store-contract.js';
import { eventsOf } from './events.js';
import { runWatch } from './run-watch.js';
import { readWatch } from './watch-note.js';
import { boundOf } from './watch-quality.js';
import { keepVersion, planOf, type WatchedVersion } from './watched-version.js';

const FIRST = Date.UTC(2026, 10, 1);
const HOUR = DAY / 24;
const folder = temporaryFolder();
const random = new RandomStream(18, 3);
const values = Float64Array.from({ length: 5_000 }, () => random.below(10_000));
const baseline: Baseline = {
  format_version: 2,
  rows: 5_000,
  columns: {},
  cells: { x: numberCells(values), y: numberCells(values) },
  scores: {
    minimum: 0,
    uppers: [0.5, 1],
    bins: [
      { rows: 500, correct: 450, truth: [450, 50], predicted: [500, 0], hits: [450, 0] },
      { rows: 500, correct: 450, truth: [50, 450], predicted: [0, 500], hits: [0, 450] },
    ],
  },
};
const WATCHED: WatchedVersion = {
  model: 'm',
  version: '1',
  loadedAt: FIRST,
  task: 'binary',
  classes: ['no', 'yes'],
  accuracy: 0.9,
  inputs: [
    { name: 'x', type: 'float', nullable: false },
    { name: 'y', type: 'float', nullable: false },
  ],
  baseline,
};
const plan = planOf(WATCHED);
let stores = 0;
let sequence = 0;
async function freshStore(watched = WATCHED): Promise<FileStore> {
  const store = new FileStore({ folder: join(folder, String(++stores)), maxBytes: 1e9 });
  await keepVersion(store, watched);
  return store;
}

/** A day of rows, two in each of 30 minutes of an hour. @param shift of x, by hour */
async function addDay(store: MonitorStore, day: number, shift: (hour: number) => number): Promise<void> {
  for (let hour = 0; hour < 24; hour++) {
    const counts = Array.from({ length: 30 }, (_, minute) => {
      const rows = 2;
      const cells = new Float64Array(plan.length);
      const draw = (by: number): number[] => Array.from({ length: rows }, () => random.below(10_000) + by);
      const predicted = Array.from({ length: rows }, () => random.below(2));
      const scores = predicted.map((place) => (place === 0 ? 0.25 : 0.75));
      plan.count({ columns: [draw(shift(hour)), draw(0)], scores, predicted }, 0, rows, cells);
      const time = FIRST + day * DAY + hour * HOUR + minute * 60_000;
      return toCellCounts(plan, { model: 'm', version: '1', time }, { rows, calls: rows, cells });
    });
    await store.append({ producer: `p${stores}`, sequence: ++sequence, counts: counts.flat() });
  }
}

const alarmsOf = async (store: MonitorStore): Promise<unknown[]> =>
  (await eventsOf(store, 'm')).map(({ kind, time, body }) => [
    kind,
    (time - FIRST) / HOUR,
    'episode' in body && 'column' in body.episode.alarm
      ? `${body.episode.alarm.column} ${body.episode.alarm.scale}`
      : '',
  ]);

it('opens an episode for the moved column once and closes it later, however often and late it runs', async () => {
  const store = await freshStore();
  for (const [day, shift] of [0, 2_500, 0, 0, 0].entries()) await addDay(store, day, () => shift);
  const whole = await runWatch(store, FIRST + 5 * DAY + HOUR);
  expect(whole).toHaveLength(1);
  const [run] = whole;
  expect(run.drift.map(({ alarm }) => alarm.column).filter((column) => column !== 'x')).toEqual([]);
  const found = await alarmsOf(store);
  expect(found).toContainEqual(['drift.opened', 48, 'x 1d']);
  expect(found).toContainEqual(['drift.closed', 96, 'x 1d']);
  const note = (await readWatch(store, 'm'))!;
  expect(note.versions['1'].seen['1d']!.map(({ name }) => name)).toEqual(['x', 'y', 'score', 'predicted class']);
  expect(note.alarms.drift).toBe(run.opened.length);
  expect(await runWatch(store, FIRST + 5 * DAY + HOUR)).toEqual([{ ...run, opened: [], closed: [] }]);
  expect(await alarmsOf(store)).toEqual(found);
  await store.close();
});

it('run hour by hour or once after a week, it records the same', async () => {
  const [often, once] = [await freshStore(), await freshStore()];
  for (const [day, shift] of [0, 3_000].entries()) {
    await addDay(often, day, () => shift);
    const counts = await often.counts({
      model: 'm',
      from: FIRST + day * DAY,
      to: FIRST + (day + 1) * DAY,
      scale: 'minute',
    });
    await once.append({ producer: 'copy', sequence: day + 1, counts });
    for (let hour = 1; hour <= 24; hour += 11) await runWatch(often, FIRST + day * DAY + hour * HOUR + 180_000);
  }
  await runWatch(often, FIRST + 2 * DAY + HOUR);
  await runWatch(once, FIRST + 2 * DAY + HOUR);
  expect((await alarmsOf(once)).length).toBeGreaterThan(0);
  expect(await alarmsOf(once)).toEqual(await alarmsOf(often));
  const [a, b] = [(await readWatch(once, 'm'))!, (await readWatch(often, 'm'))!];
  expect(a.versions).toEqual(b.versions);
  await often.close();
  await once.close();
});

it('judges the accuracy of a day once its labels have arrived, and opens an episode where it is too low', async () => {
  const store = await freshStore();
  await addDay(store, 0, () => 0);
  const ids = Array.from({ length: 400 }, (_, n) => idAt(FIRST + n * 1_000, n));
  const rows = ids.map((id, n) => ({ id, prediction: n % 2 === 0 ? 'no' : 'yes', score: n % 2 === 0 ? 0.25 : 0.75 }));
  await store.append({ producer: 'rows', sequence: 1, rows: rowsOf(rows) });
  const [first] = await runWatch(store, FIRST + DAY + HOUR);
  expect(first).toMatchObject({ badQuality: [], closedUpTo: FIRST + DAY });
  expect((await readWatch(store, 'm'))!.versions['1'].quality['1d']).toMatchObject({
    rows: 400,
    labels: 0,
    coverage: 0,
    value: null,
  });
  expect((await readWatch(store, 'm'))!.versions['1'].quality['1d']!.estimate!.value).toBeCloseTo(0.9, 6);
  // Every third prediction is wrong.
  const labels = rows.map(({ id, prediction }, n): [string, string, number] => [
    id,
    n % 3 === 0 ? (prediction === 'no' ? 'yes' : 'no') : prediction,
    FIRST + DAY,
  ]);
  await store.append({ producer: 'labels', sequence: 1, labels: labelsOf(labels) });
  await runWatch(store, FIRST + DAY + 2 * HOUR + 180_000);
  const [low] = (await eventsOf(store, 'm')).filter(({ kind }) => kind === 'accuracy.opened');
  expect(low).toMatchObject({
    body: { version: '1', episode: { alarm: { scale: '1d', labels: 400, registered: 0.9, bound: 0.85 } } },
  });
  const { quality, badQuality } = (await readWatch(store, 'm'))!.versions['1'];
  expect(badQuality.map(({ alarm }) => alarm.scale)).toEqual(['1d']);
  expect(quality['1d']).toMatchObject({ labels: 400, coverage: 1, isMature: true, isRefuted: true, estimate: null });
  expect(quality['1d']!.value!.value).toBeCloseTo(266 / 400, 6);
  await store.close();
});

const REGRESSION: WatchedVersion = { ...WATCHED, task: 'regression', classes: [], accuracy: null };

it.each([
  ['the registered accuracy less 0.05', WATCHED, 0.85],
  ['the accuracy that is stated', { ...WATCHED, bounds: { minimumAccuracy: 0.7, maximumMae: 1 } }, 0.7],
  ['nothing, where nothing is known', { ...WATCHED, accuracy: null }, null],
  ['1.2 times the registered mean absolute error', { ...REGRESSION, mae: 10 }, 12],
  ['the error that is stated', { ...REGRESSION, mae: 10, bounds: { minimumAccuracy: 0.7, maximumMae: 1.5 } }, 1.5],
  ['the error that is stated, where none is registered', { ...REGRESSION, bounds: { maximumMae: 0 } }, 0],
  ['nothing of a regression either', REGRESSION, null],
])('quality is judged against %s', (_, watched, bound) => {
  if (bound === null) expect(boundOf(watched)).toBeNull();
  else expect(boundOf(watched)).toBeCloseTo(bound, 12);
});

it('judges the mean absolute error of a regression, and adopts a bound that its model file states later', async () => {
  const bin = { rows: 500, error: 0, absolute_error: 400, squared_error: 600 };
  const scores = { minimum: 0, uppers: [5, 10], bins: [bin, bin] };
  const watched: WatchedVersion = { ...REGRESSION, mae: 10, baseline: { ...baseline, scores } };
  const store = await freshStore(watched);
  await keepVersion(store, { ...watched, loadedAt: FIRST + DAY, bounds: { maximumMae: 1.5 } });
  await addDay(store, 0, () => 0);
  const ids = Array.from({ length: 400 }, (_, n) => idAt(FIRST + n * 1_000, n));
  const rows = ids.map((id, n) => ({ id, prediction: String(n % 10), score: null }));
  await store.append({ producer: 'rows', sequence: 1, rows: rowsOf(rows) });
  await runWatch(store, FIRST + DAY + HOUR);
  const watch = async () => (await readWatch(store, 'm'))!.versions['1'];
  expect(await watch()).toMatchObject({
    bound: 1.5,
    badQuality: [],
    quality: { '1d': { metric: 'mae', value: null } },
  });
  expect((await watch()).quality['1d']!.estimate!.value).toBeCloseTo(0.8, 6);
  // Errors of 1 and 3 alternate: 2 on average.
  const labels = ids.map((id, n): [string, string, number] => [id, String((n % 10) + (n % 2 ? 1 : -3)), FIRST + DAY]);
  await store.append({ producer: 'labels', sequence: 1, labels: labelsOf(labels) });
  const run = await runWatch(store, FIRST + DAY + 2 * HOUR + 180_000);
  expect(run[0].badQuality.map(({ alarm }) => alarm)).toEqual([
    {
      metric: 'mae',
      scale: '1d',
      from: FIRST,
      to: FIRST + DAY,
      value: 2,
      low: expect.closeTo(1.9016, 3) as number,
      high: expect.closeTo(2.0984, 3) as number,
      registered: 10,
      bound: 1.5,
      labels: 400,
    },
  ]);
  expect((await eventsOf(store, 'm')).map(({ kind }) => kind)).toEqual(['error.opened']);
  expect((await readWatch(store, 'm'))!.alarms).toEqual({ drift: 0, accuracy: 0, error: 1 });
  expect((await watch()).quality['1d']).toMatchObject({ labels: 400, isRefuted: true, estimate: null });
  await store.close();
});
