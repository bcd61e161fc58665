import { DAY } from '#kit';
import { FileStore } from '../file/file-store.js';
import { all, idAt, rowsOf } from './store-contract.js';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
/** Retention, longer than the size limit allows. */
const [ROW_DAYS, MINUTE_DAYS, HOUR_DAYS, COUNT_DAYS] = [400, 2, 35, 400];

export interface ManyDays {
  readonly days: number;
  readonly rowsPerDay: number;
  readonly maxBytes: number;
  /** Days between two runs of maintenance. */
  readonly every: number;
}

/** The content of a store at the end, and its usage on the way. */
export interface AfterManyDays {
  /** After each run of maintenance. */
  readonly bytes: readonly number[];
  readonly gone: { readonly rows: number; readonly records: number };
  readonly records: number;
  readonly raw: number;
  /** Rows counted in the column, over all days. */
  readonly counted: number;
  readonly countedDays: number;
  /** Days with remaining records, numbered from 0. */
  readonly recordDays: readonly number[];
}

/** Fills a store day by day, each row with its raw values, and maintains it; the clock follows the days. */
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

/** Checks what must hold for any number of days; the arguments are those of {@link keepManyDays}. */
export function expectWithinBound(after: AfterManyDays, { days, rowsPerDay, maxBytes }: ManyDays): void {
  const answered = days * rowsPerDay;
  expect(Math.max(...after.bytes)).toBeLessThanOrEqual(maxBytes);
  // Every row is stored or counted as removed. The oldest records are removed, and of the others the oldest raw rows.
  expect([after.records + after.gone.records, after.raw + after.gone.rows]).toEqual([answered, answered]);
  expect(after.gone.records).toBeGreaterThan(0);
  expect(after.raw).toBeLessThanOrEqual(after.records);
  const first = days - after.recordDays.length;
  expect(after.recordDays).toEqual(Array.from({ length: days - first }, (_, day) => first + day));
  expect([after.counted, after.countedDays]).toEqual([answered, days]);
}
