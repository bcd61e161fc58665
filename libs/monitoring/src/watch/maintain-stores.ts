import { DAY, serveTasks } from '#kit';
import { runWatch } from './run-watch.js';
import { dayOf, ROW_DAYS } from '../store/rows.js';
import { openStore, type StoreOptions } from '../store/open-store.js';

/** Retention of counts at each scale. */
const [MINUTE_DAYS, HOUR_DAYS, COUNT_DAYS] = [2, 35, 400];

/** The lease of a killed process expires after this time. */
const WATCH_SECONDS = 600;

// Stores are watched and pruned in a process of their own, so that the server spends neither memory nor time on it.
serveTasks(async (task) => {
  const store = await openStore(JSON.parse(task) as StoreOptions);
  const today = dayOf(Date.now());
  try {
    // Before pruning, because the dispersion of an hour is computed from its minutes.
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
