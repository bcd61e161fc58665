import { join } from 'node:path';
import { uncountedBaseline } from '#bundle';
import { DAY } from '#kit';
import { temporaryFolder } from '#testing';
import { modelPage } from '../page/model-page.js';
import { readView } from '../report/read-view.js';
import { answer, customers, START } from '../report/testing/traffic.js';
import { FileStore } from '../store/file/file-store.js';
import { adoptReference } from './decide.js';
import { runWatch } from './run-watch.js';
import type { WatchedVersion } from './watched-version.js';

const trained = customers('imported');
/** Rows invented from the thresholds of a model that was imported without training rows. */
const invented = [0, 6, 12, 24, 48, 72].flatMap((tenure) =>
  [20, 45, 70, 95, 120].map((charges) => ({ tenure, charges, contract: 'One year' })),
);
const imported: WatchedVersion = { ...trained, baseline: uncountedBaseline(trained.inputs, invented) };
const day = (n: number): number => START + n * DAY;
const at = (n: number): number => day(n) + 600_000;

describe('A model without a baseline', () => {
  const store = new FileStore({ folder: join(temporaryFolder(), 'store'), maxBytes: 1e9, now: () => START });
  beforeAll(() =>
    answer(
      store,
      imported,
      Array.from({ length: 9 }, (_, n) => (n < 8 ? { labelled: 0.9 } : { labelled: 0.9, shift: 12 })),
    ),
  );
  afterAll(() => store.close());

  it('is counted, raises no alarm, and says that there is nothing to compare with', async () => {
    const [run] = await runWatch(store, at(7));
    expect([run.drift, run.opened]).toEqual([[], []]);
    const view = await readView(store, imported, { scale: '7d', now: at(7) });
    expect(view.report).toMatchObject({ status: 'no_baseline', window: { rows: 7 * 1_440 }, alarms: [] });
    expect(view.report.columns).toEqual(
      ['tenure', 'charges', 'contract'].map((name) => ({
        name,
        status: 'no_baseline',
        moved: 0,
        missing: expect.closeTo(name === 'charges' ? 0.01 : 0, 2),
        unseen: expect.any(Number),
        smallest_visible: null,
      })),
    );
    expect(view.lacking).toContain('baseline');
    const page = modelPage(view, {});
    expect(page).toContain('There is nothing to compare with');
    expect(page).toContain('npx skewless monitor adopt imported --from');
    expect(page).not.toContain('NaN');
  });

  it('has one once its first 7 days are adopted: as usual on the day after, moved when tenure moves', async () => {
    const span = { from: day(0), to: day(7) };
    const adopted = await adoptReference(store, 'imported', undefined, span, { by: 'ann', reason: 'first week' });
    expect(adopted).toEqual({ version: '3', rows: 7 * 1_440 });
    expect((await runWatch(store, at(8)))[0].drift).toEqual([]);
    const usual = await readView(store, imported, { scale: '1d', now: at(8) });
    expect([usual.report.status, usual.baselineRows, usual.lacking]).toEqual(['as_usual', 7 * 1_440, ['scores']]);

    const [moved] = await runWatch(store, at(9));
    expect(moved.drift.map(({ alarm }) => [alarm.column, alarm.scale])).toContainEqual(['tenure', '1d']);
    expect(moved.drift.map(({ alarm }) => alarm.column)).not.toContain('charges');
    const { report } = await readView(store, imported, { scale: '1d', now: at(9) });
    expect(report.columns.map(({ name, status }) => [name, status])).toEqual([
      ['tenure', 'moved'],
      ['charges', 'as_usual'],
      ['contract', 'as_usual'],
    ]);
  });
});
