import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, type Registry } from 'prom-client';

const RESOLUTION_MILLISECONDS = 10;
const NANOSECONDS = 1e9;
/** Gauges that prom-client names like counters; the gauges without `_total` give the same sums. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** Process and Node.js metrics, and the lag of the event loop. */
export function showProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MILLISECONDS });
  delay.enable();
  new Gauge({
    name: 'skewless_event_loop_lag_seconds',
    help: 'Delay of timers: the 99th percentile since the last scrape',
    aggregator: 'max',
    registers: [registry],
    collect() {
      // Node's value includes the timer's own period.
      this.set(Math.max(0, delay.percentile(99) / NANOSECONDS - RESOLUTION_MILLISECONDS / 1_000));
      delay.reset();
    },
  });
}

/** @param count number of worker restarts, known only to the primary */
export function showRestarts(registry: Registry, count: () => number): void {
  new Counter({
    name: 'skewless_worker_restarts_total',
    help: 'Workers restarted after they had ended',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(count());
    },
  });
}

/** @param count number of log lines that could not be written */
export function showDroppedLines(registry: Registry, count: () => number): void {
  new Counter({
    name: 'skewless_log_lines_dropped_total',
    help: 'Log lines dropped because of a full disk or a blocked reader',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(count());
    },
  });
}
