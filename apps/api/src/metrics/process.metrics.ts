import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, type Registry } from 'prom-client';

const RESOLUTION_MILLISECONDS = 10;
const NANOSECONDS = 1e9;
/** Gauges that prom-client names like counters; their sums can be had from those without `_total`. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** Process and Node.js metrics, and how late the event loop is. */
export function showProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MILLISECONDS });
  delay.enable();
  new Gauge({
    name: 'skewless_event_loop_lag_seconds',
    help: 'How late timers fire: the 99th percentile since this was last asked for',
    aggregator: 'max',
    registers: [registry],
    collect() {
      // Node counts the timer's own period in.
      this.set(Math.max(0, delay.percentile(99) / NANOSECONDS - RESOLUTION_MILLISECONDS / 1_000));
      delay.reset();
    },
  });
}

/** @param count how often a worker has been started again; the primary alone knows */
export function showRestarts(registry: Registry, count: () => number): void {
  new Counter({
    name: 'skewless_worker_restarts_total',
    help: 'Workers started again after they had ended',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(count());
    },
  });
}

/** @param count how many lines of the log could not be written */
export function showDroppedLines(registry: Registry, count: () => number): void {
  new Counter({
    name: 'skewless_log_lines_dropped_total',
    help: 'Lines of the log that a full disk or a reader that is stuck did not take',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(count());
    },
  });
}
