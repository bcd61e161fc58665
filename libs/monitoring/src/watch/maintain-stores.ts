import { DAY, serveTasks } from '#kit';
import { runWatch } from './run-watch.js';
import { dayOf } from '../store/rows.js';
import { openStore, type StoreOptions } from '../store/open-store.js';

/** How long rows are kept, and counts at each of their scales. */
const [ROW_DAYS, MINUTE_DAYS, HOUR_DAYS, COUNT_DAYS] = [30, 2, 35, 400];

/** A lease of one who was killed ends by itself. */
const WATCH_SECONDS = 600;

// A process that watches and prunes stores, each given as JSON: what that takes, no server has to have.
serveTasks(async (task) => {
  const store = await openStore(JSON.parse(task) as StoreOptions);
  const today = dayOf(Date.now());
  try {
    // Before minutes become hours: how they differ is what the watch needs of them.
    const lease = await store.lease('watch', WATCH_SECONDS);
    if (lease) await runWatch(store, Date.now()).finally(() => lease.release());
    await store.prune({
      rows: today - ROW_DAYS * DAY,
      minutes: today - MINUTE_DAYS * DAY,
      hours: today - HOUR_DAYS * DAY,
      days: today - COUNT_DAYS * DAY,
    });
  } finally {
    await store.close();
  }
});
