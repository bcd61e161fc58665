import { join } from 'node:path';
import { DAY } from '#kit';
import { temporaryFolder } from '#testing';
import { FileStore } from '../store/file/file-store.js';
import type { Scale } from '../time/scales.js';
import { runWatch } from '../watch/run-watch.js';
import { modelPage } from '../page/model-page.js';
import { columnReport } from './column-report.js';
import { readView } from './read-view.js';
import type { VersionView } from './version-view.js';
import { answer, customers, type DayOfTraffic, HOSTILE, START } from './testing/traffic.js';

const folder = temporaryFolder();
const GRACE = 120_000;
const watched = customers();
const iso = (day: number): string => new Date(START + day * DAY).toISOString();

async function storeOf(name: string, days: readonly DayOfTraffic[]): Promise<FileStore> {
  const store = new FileStore({ folder: join(folder, name), maxBytes: 1e9, now: () => START });
  await answer(store, watched, days);
  return store;
}

/** A stable day with labels, and one on which both tenure and the meaning of the rows change. */
const STABLE: DayOfTraffic = { labelled: 0.9 };
const DRIFTED: DayOfTraffic = { labelled: 0.9, shift: 12, flipped: 0.25 };

describe('of three days, the last of which has drifted', () => {
  let store: FileStore;
  const end = START + 3 * DAY + GRACE;
  const view = (scale: Scale, now = end, to?: number) => readView(store, watched, { scale, now, to });
  beforeAll(async () => {
    store = await storeOf('drifted', [STABLE, STABLE, DRIFTED]);
    await runWatch(store, end);
  });
  afterAll(() => store.close());

  it('tells the closed day: which column moved, by how much, since when, and that accuracy is low', async () => {
    const { report } = await view('1d');
    expect(Object.keys(report)).toEqual([
      'model',
      'version',
      'window',
      'status',
      'alarms',
      'columns',
      'quality',
      'estimate',
      'log',
    ]);
    expect(report).toMatchObject({
      model: 'customers',
      version: '3',
      window: { scale: '1d', from: iso(2), to: iso(3), closed: true, rows: 1_440 },
      status: 'moved',
      log: { rows: 1_440, dropped: 0, store: 'up' },
    });
    const tenure = report.alarms.find(({ kind, column }) => kind === 'drift' && column === 'tenure')!;
    expect(tenure.split).toMatch(/^values above \d+$/);
    expect(tenure.since).toBe(iso(3));
    expect(tenure.now).toBeGreaterThan(tenure.baseline + 0.1);
    expect(tenure.p).toBeLessThanOrEqual(tenure.level!);
    expect(report.columns.map(({ name, status }) => [name, status])).toEqual([
      ['tenure', 'moved'],
      ['charges', 'as_usual'],
      ['contract', 'as_usual'],
      ['score', 'moved'],
      ['predicted class', 'moved'],
    ]);
    for (const { moved, smallest_visible } of report.columns) {
      expect(moved).toBeGreaterThan(0);
      expect(smallest_visible).toBeGreaterThan(0.05);
    }
    const { quality, estimate } = report;
    expect(quality).toMatchObject({ metric: 'accuracy', registered: watched.accuracy, mature: true });
    expect(quality!.coverage).toBeCloseTo(0.9, 1);
    expect(quality!.high).toBeLessThan(watched.accuracy! - 0.05);
    expect(report.alarms.some(({ kind, since }) => kind === 'accuracy' && since === iso(3))).toBe(true);
    // Labels have refuted the estimate from scores.
    expect(estimate).toBeNull();
  });

  it('says that the rows are as usual only where it could have detected a change', async () => {
    const day = await view('1d');
    const alarms = day.report.alarms.filter(({ kind }) => kind === 'accuracy');
    expect(alarms).toHaveLength(1);
    const judged: VersionView = { ...day, report: { ...day.report, status: 'as_usual', alarms } };
    expect(modelPage(judged, {})).toContain('The columns are as usual, and the predictions are worse');
    const silent = 'Too few minutes with rows.';
    const hushed: VersionView = {
      ...judged,
      report: { ...judged.report, status: 'too_few_rows' },
      description: { ...day.description, silent },
    };
    const page = modelPage(hushed, {});
    expect(page).not.toContain('The columns are as usual');
    expect(page).toContain('whether the rows have changed cannot be determined for this window.</p>');
    expect(page).toContain(`<p>${silent}</p>`);
  });

  it('reports the quality by the values of slice columns', async () => {
    const day = await view('1d');
    const [{ column, values }, ...others] = day.slices;
    expect([column, values.map(({ value }) => value).sort(), others]).toEqual([
      'contract',
      ['Month-to-month', 'One year', 'Two year', HOSTILE].map((value) => JSON.stringify(value)).sort(),
      [],
    ]);
    const byValue = new Map<string, { rows: number; labels: number; right: number }>();
    const span = { from: START + 2 * DAY, to: START + 3 * DAY };
    for await (const { slices, prediction, label } of store.predictions({ model: 'customers', ...span })) {
      const value = JSON.stringify((JSON.parse(slices!) as { contract: string }).contract);
      const own = byValue.get(value) ?? { rows: 0, labels: 0, right: 0 };
      byValue.set(value, own);
      own.rows++;
      if (label === null) continue;
      own.labels++;
      if (label === prediction) own.right++;
    }
    for (const { value, rows, quality } of values) {
      const own = byValue.get(value)!;
      expect([value, rows, quality!.labels]).toEqual([value, own.rows, own.labels]);
      expect([value, quality!.low < own.right / own.labels, quality!.high > own.right / own.labels]).toEqual([
        value,
        true,
        true,
      ]);
    }
    expect(columnReport(day, 2).slices).toEqual(values);
    expect(columnReport(day, 0).slices).toBeNull();
    const page = modelPage(day, {});
    expect(page).toContain('<h2>Accuracy by contract</h2>');
    expect(page).not.toContain(HOSTILE);
  });

  it('tells an earlier window as it was', async () => {
    const { report } = await view('1d', end, START + DAY);
    expect(report.window).toMatchObject({ from: iso(0), to: iso(1), closed: true, rows: 1_440 });
    expect(report.columns.map(({ status }) => status)).toEqual(Array(5).fill('as_usual'));
    expect(report.quality!.low).toBeLessThan(watched.accuracy!);
    expect(report.quality!.high).toBeGreaterThan(watched.accuracy!);
  });

  it('has a window of 7 days that begins with the first row', async () => {
    const { report } = await view('7d');
    expect(report.window).toEqual({ scale: '7d', from: iso(0), to: iso(3), closed: true, rows: 3 * 1_440 });
    expect((await view('1h')).report.window).toMatchObject({ rows: 60, to: iso(3), closed: true });
  });

  it('shows the days, the history and where rows lie', async () => {
    const { days, history, columns, confusion, calibration, live } = await view('1d');
    expect(days).toHaveLength(28);
    expect(days.map(({ rows }) => rows)).toEqual([...Array<number>(25).fill(0), 1_440, 1_440, 1_440]);
    expect(days[27].columns[0].moved).toBeGreaterThan(2 * days[26].columns[0].moved);
    expect(history.map(({ kind }) => kind)).toEqual([...Array<string>(history.length - 1).fill('opened'), 'loaded']);
    expect(history[0].text).toMatch(/^Alarm: /);
    const contract = columns.find(({ name }) => name === 'contract')!;
    expect(contract.cells.map(({ name }) => name)).toContain(JSON.stringify(HOSTILE));
    expect(contract.cells.reduce((sum, { now }) => sum + now, 0)).toBeCloseTo(1, 12);
    expect(confusion!.classes).toEqual(['no', 'yes']);
    expect(confusion!.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(live!.labels);
    expect(calibration!.label).toBe('yes');
  });
});

it('an open window is shown so far, and raises no alarm', async () => {
  const store = await storeOf('open', [STABLE, DRIFTED]);
  // No window was closed yet; it is noon of the drifted day.
  const { report } = await readView(store, watched, { scale: '1d', now: START + 1.5 * DAY, to: START + 2 * DAY });
  expect(report.window).toMatchObject({ closed: false, to: iso(2), rows: 1_440 });
  expect(report.alarms).toEqual([]);
  expect(report.columns[0].moved).toBeGreaterThan(0.1);
  expect([report.status, report.columns[0].status]).toEqual(['as_usual', 'as_usual']);
  await store.close();
});

it('shows the open window where none with rows has closed', async () => {
  const store = await storeOf('first', [STABLE]);
  const now = START + 0.5 * DAY;
  const { report } = await readView(store, watched, { scale: '1d', now });
  expect(report.window).toMatchObject({ closed: false, from: iso(0), to: iso(1) });
  expect((await readView(store, watched, { scale: '1d', now: now + DAY })).report.window).toMatchObject({
    closed: true,
    to: iso(1),
  });
  await store.close();
});

it('an empty store is reported as such, without any NaN', async () => {
  const store = new FileStore({ folder: join(folder, 'empty'), maxBytes: 1e9 });
  const { report } = await readView(store, watched, { scale: '7d', now: START });
  expect(report).toMatchObject({ status: 'too_few_rows', alarms: [], quality: null, estimate: null });
  expect(report.columns.map(({ status, moved, missing, unseen }) => [status, moved, missing, unseen])).toEqual(
    Array(5).fill(['too_few_rows', 0, 0, 0]),
  );
  const bare = await readView(store, { ...watched, baseline: null }, { scale: '1d', now: START });
  expect(bare.report).toMatchObject({ status: 'no_baseline', columns: [], alarms: [] });
  await store.close();
});
