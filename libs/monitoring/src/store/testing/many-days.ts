import { DAY } from '#kit';
import { FileStore } from '../file/file-store.js';
import { all, idAt, rowsOf } from './store-contract.js';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
/** What maintenance keeps; longer than a store that is bounded by its size can. */
const [ROW_DAYS, MINUTE_DAYS, HOUR_DAYS, COUNT_DAYS] = [400, 2, 35, 400];

export interface ManyDays {
  readonly days: number;
  readonly rowsPerDay: number;
  readonly maxBytes: number;
  /** Between two runs of maintenance. */
  readonly every: number;
}

/** What is in a store at the end, and what it told on the way. */
export interface AfterManyDays {
  /** Right after each run of maintenance. */
  readonly bytes: readonly number[];
  readonly gone: { readonly rows: number; readonly records: number };
  readonly records: number;
  readonly raw: number;
  /** Of the column, over all time. */
  readonly counted: number;
  readonly countedDays: number;
  /** Days of which records are left, as places from the first on. */
  readonly recordDays: readonly number[];
}

/** Fills a store day by day, each row with its raw values, and maintains it; the clock is that of the days. */
export async function keepManyDays(
  folder: string,
  { days, rowsPerDay, maxBytes, every }: ManyDays,
): Promise<AfterManyDays> {
  let now = START;
  const store = new FileStore({ folder, maxBytes, now: () => now });
  const bytes: number[] = [];
  const perMinute = Math.ceil(rowsPerDay / 1440);
  for (let day = 0; day < days; day++) {
    const from = START + day * DAY;
    now = from + DAY - 1;
    const rows = Array.from({ length: rowsPerDay }, (_, n) => ({
      id: idAt(from + Math.floor(n / perMinute) * MINUTE, n),
      raw: JSON.stringify({ x: Math.sin(day + n), y: n }),
      weight: 1,
    }));
    const minutes = Math.ceil(rowsPerDay / perMinute);
    const counts = Array.from({ length: minutes }, (_, minute) => ({
      model: 'm',
      version: '1',
      column: 'x',
      time: from + minute * MINUTE,
      cells: [Math.min(perMinute, rowsPerDay - minute * perMinute), 0],
    }));
    await store.append({ producer: 'a', sequence: day + 1, rows: rowsOf(rows), counts });
    if ((day + 1) % every !== 0) continue;
    now = from + DAY + 10 * MINUTE;
    await store.close();
    const today = from + DAY;
    await store.prune({
      rows: today - ROW_DAYS * DAY,
      minutes: today - MINUTE_DAYS * DAY,
      hours: today - HOUR_DAYS * DAY,
      days: today - COUNT_DAYS * DAY,
    });
    bytes.push((await store.usage()).bytes);
  }
  const counts = await store.counts({ model: 'm', from: START, to: START + days * DAY, scale: 'day' });
  const records = await all(store, { from: START, to: START + days * DAY });
  const { gone } = await store.usage();
  await store.close();
  return {
    bytes,
    gone,
    records: records.length,
    raw: records.filter(({ raw }) => raw !== null).length,
    counted: counts.reduce((sum, { cells }) => sum + cells[0], 0),
    countedDays: counts.length,
    recordDays: [...new Set(records.map(({ time }) => Math.floor((time - START) / DAY)))],
  };
}

/** What has to hold whatever the number of days: see the arguments of {@link keepManyDays}. */
export function expectWithinBound(after: AfterManyDays, { days, rowsPerDay, maxBytes }: ManyDays): void {
  const answered = days * rowsPerDay;
  expect(Math.max(...after.bytes)).toBeLessThanOrEqual(maxBytes);
  // Each row is there, or told to be gone; the oldest records went, and of those left the oldest raw rows.
  expect([after.records + after.gone.records, after.raw + after.gone.rows]).toEqual([answered, answered]);
  expect(after.gone.records).toBeGreaterThan(0);
  expect(after.raw).toBeLessThanOrEqual(after.records);
  const first = days - after.recordDays.length;
  expect(after.recordDays).toEqual(Array.from({ length: days - first }, (_, day) => first + day));
  expect([after.counted, after.countedDays]).toEqual([answered, days]);
}
