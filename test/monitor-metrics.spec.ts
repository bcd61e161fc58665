import { join } from 'node:path';
import { temporaryFolder, until } from '#testing';
import { boot } from './helper/boot.js';
import { NAMES } from './helper/two-rows.js';

const folder = temporaryFolder();
const SCALES = ['1h', '1d', '7d', '28d'];
const DAYS = SCALES.slice(1);

/** All pairs of two lists of labels. */
const each = (...lists: string[][]): string[] =>
  lists.reduce((all, list) => all.flatMap((one) => list.map((other) => `${one}${one && ','}${other}`)), ['']);
const label = (name: string, values: readonly string[]): string[] => values.map((value) => `${name}="${value}"`);

const model = ['model="random_forest"'];
const version = ['model="random_forest",version="1"'];
const columns = label('column', NAMES);
const sources = label('source', ['labels', 'estimate']);

/** What stands in /metrics before the first request: who alerts on a gauge that is not there waits for ever. */
const SERIES: Readonly<Record<string, string[]>> = {
  rows_total: each(model, label('outcome', ['logged', 'sampled_out', 'dropped'])),
  store_up: [''],
  buffer_rows: [''],
  write_duration_seconds: [''],
  drift_state: each(version, columns, label('scale', SCALES)),
  drift_moved_ratio: each(version, columns, label('scale', SCALES)),
  drift_log10_p: each(version, columns, label('scale', SCALES)),
  missing_ratio: each(version, columns),
  outside_ratio: each(version, columns),
  accuracy_ratio: each(version, sources, label('scale', DAYS)),
  accuracy_low_ratio: each(version, sources, label('scale', DAYS)),
  accuracy_high_ratio: each(version, sources, label('scale', DAYS)),
  accuracy_floor_ratio: version,
  accuracy_state: each(version, label('scale', DAYS)),
  calibration_error_ratio: version,
  label_coverage_ratio: version,
  label_delay_seconds: version,
  feedback_total: each(
    model,
    label('outcome', ['accepted', 'corrected', 'duplicate', 'unknown', 'too_old', 'invalid']),
  ),
  alarms_total: each(model, label('kind', ['drift', 'accuracy', 'error'])),
  job_last_success_timestamp_seconds: ['job="watch"'],
};
const HISTOGRAMS = ['write_duration_seconds', 'label_delay_seconds'];

it('Every series of the monitor is there from the first load of a model on, with 0 before the first request', async () => {
  const api = await boot({ MONITOR_ENABLED: 'true', MONITOR_STORE: join(folder, 'store') });
  const text = await until(async () => {
    const { text } = await api.ask('/metrics');
    return text.includes('skewless_monitor_drift_state{') && text;
  });
  await api.close();
  const found = new Map<string, number>();
  for (const [, name, labels = '', value] of text.matchAll(/^skewless_monitor_(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    const sorted = labels.replace(/(?:^|,)le="[^"]*"/, '');
    if (!name.endsWith('_bucket')) found.set(`${name} ${sorted}`, Number(value));
  }
  const expected = Object.entries(SERIES).flatMap(([name, labels]) =>
    (HISTOGRAMS.includes(name) ? ['_sum', '_count'] : ['']).flatMap((end) =>
      labels.map((own) => `${name}${end} ${own}`),
    ),
  );
  expect([...found.keys()].sort()).toEqual(expected.sort());
  // The store is made when a process begins, which may be written by now.
  const written = /^(?:store_up|write_duration_seconds)/;
  const other = [...found].filter(([name, value]) => value !== 0 && !written.test(name));
  expect(other.map(([name]) => name)).toEqual([]);
  expect(found.get('store_up ')).toBe(1);
});
