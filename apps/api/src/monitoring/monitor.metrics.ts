import { Counter, Gauge, type Registry } from 'prom-client';
import type { PredictionLog } from '#monitoring';
import { showing } from '../metrics/gauge.js';
import { LeanHistogram } from '../metrics/lean-histogram.js';

/** Buckets of the duration of a write: a batch takes about 1 ms to a file, some 10 ms to a database. */
const WRITE_SECONDS = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/** Registers the metrics of the log of predictions. */
export function showLog(registry: Registry, log: PredictionLog): void {
  new Counter({
    name: 'skewless_monitor_rows_total',
    help: 'Records of answered rows, by outcome: logged, sampled_out where the sample leaves out the raw row, or dropped because the store did not take them in time',
    labelNames: ['model', 'outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [model, { logged, sampledOut, dropped }] of log.tallies) {
        this.inc({ model, outcome: 'logged' }, logged);
        this.inc({ model, outcome: 'sampled_out' }, sampledOut);
        this.inc({ model, outcome: 'dropped' }, dropped);
      }
    },
  });
  new Gauge({
    name: 'skewless_monitor_store_up',
    help: 'Whether the last write to the store of predictions succeeded',
    aggregator: 'min',
    registers: [registry],
    collect: showing(() => (log.state.isUp ? 1 : 0)),
  });
  new Gauge({
    name: 'skewless_monitor_buffer_rows',
    help: 'Records waiting for the store; at most 500,000 per process, more are dropped',
    registers: [registry],
    collect: showing(() => log.bufferedRows),
  });
  const writes = new LeanHistogram(
    registry,
    'skewless_monitor_write_duration_seconds',
    'Time of one write to the store of predictions, failed ones too',
    WRITE_SECONDS,
  ).tally();
  log.onWrite = (seconds) => writes.observe(seconds);
}
