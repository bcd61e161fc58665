import { Counter, Gauge, type Registry } from 'prom-client';
import { type LiveMetric, SCALE_NAMES, type TakenLabels, type VersionWatch, type WatchNote } from '#monitoring';
import { LeanHistogram, type Tally } from '../metrics/lean-histogram.js';
import type { Monitor, ServedVersion } from './monitor.js';

/** Values read from the store are refreshed after this time. */
const FRESH_MILLISECONDS = 5_000;
/** With more columns than the first number, only as many as the second have series of their own. */
const [MOST_COLUMNS, NAMED_COLUMNS] = [200, 50];
const OTHER = 'other';
/** Buckets of the delay of labels, which takes minutes to weeks. */
const DELAY_SECONDS = [60, 600, 3_600, 21_600, 86_400, 259_200, 604_800, 1_209_600, 2_592_000];
const OUTCOMES = ['accepted', 'corrected', 'duplicate', 'unknown', 'too_old', 'invalid'] as const;
const ALARMS = ['drift', 'accuracy', 'error'] as const;

type Labels = Record<string, string>;
type Put = (labels: Labels, value: number) => void;

/** Sets the values of a gauge for one served version. */
type Show = (served: ServedVersion, watch: VersionWatch | undefined, put: Put) => void;

/** Sets the values of columns; those without a series of their own share one with their largest value. */
function eachColumn(
  { columns }: ServedVersion,
  valueOf: (column: string) => number,
  put: (column: string, value: number) => void,
): void {
  const named = columns.length > MOST_COLUMNS ? columns.slice(0, NAMED_COLUMNS) : columns;
  for (const column of named) put(column, valueOf(column));
  const others = columns.slice(named.length).map(valueOf);
  if (others.length > 0)
    put(
      OTHER,
      others.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most)),
    );
}

/** A gauge by column and scale. */
const byColumnAndScale =
  (valueOf: (watch: VersionWatch, column: string, scale: (typeof SCALE_NAMES)[number]) => number | undefined): Show =>
  (served, watch, put) => {
    for (const scale of SCALE_NAMES) {
      eachColumn(
        served,
        (column) => (watch && valueOf(watch, column, scale)) ?? 0,
        (column, value) => put({ column, scale }, value),
      );
    }
  };

const seenOf = (watch: VersionWatch, column: string, scale: (typeof SCALE_NAMES)[number]) =>
  watch.seen[scale]?.find(({ name }) => name === column);

/** A gauge by column, of the newest closed day, or of the newest hour before the first day is closed. */
const byColumn =
  (valueOf: (seen: NonNullable<ReturnType<typeof seenOf>>) => number): Show =>
  (served, watch, put) => {
    eachColumn(
      served,
      (column) => {
        const seen = watch && (seenOf(watch, column, '1d') ?? seenOf(watch, column, '1h'));
        return seen ? valueOf(seen) : 0;
      },
      (column, value) => put({ column }, value),
    );
  };

const QUALITY_SCALES = SCALE_NAMES.filter((scale) => scale !== '1h');

/** Errors exist for regressions only; accuracy exists for every model and is 0 for regressions. */
const isShown = (metric: LiveMetric, { watched }: ServedVersion): boolean =>
  metric === 'accuracy' || watched.task === 'regression';

const byQuality =
  (metric: LiveMetric, end: 'value' | 'low' | 'high'): Show =>
  (served, watch, put) => {
    if (!isShown(metric, served)) return;
    for (const scale of QUALITY_SCALES) {
      const seen = watch?.quality[scale];
      const quality = seen?.metric === metric ? seen : undefined;
      put({ source: 'labels', scale }, quality?.value?.[end] ?? 0);
      put({ source: 'estimate', scale }, quality?.estimate?.[end] ?? 0);
    }
  };

const bound =
  (metric: LiveMetric): Show =>
  (served, watch, put) => {
    if (!isShown(metric, served)) return;
    const isOwn = (served.watched.task === 'regression') === (metric === 'mae');
    put({}, (isOwn ? watch?.bound : 0) ?? 0);
  };

const isBad =
  (metric: LiveMetric): Show =>
  (served, watch, put) => {
    if (!isShown(metric, served)) return;
    for (const scale of QUALITY_SCALES) {
      const open = watch?.badQuality.some(({ alarm }) => alarm.metric === metric && alarm.scale === scale);
      put({ scale }, Number(open ?? false));
    }
  };

/** All gauges of monitoring. They exist, with the value 0, as soon as a model is loaded. */
const GAUGES: readonly {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly show: Show;
}[] = [
  {
    name: 'drift_state',
    help: '1 while an episode of drift of the column is open at the scale: the state to alert on',
    labels: ['column', 'scale'],
    show: byColumnAndScale((watch, column, scale) =>
      Number(watch.state.episodes.some(({ alarm }) => alarm.column === column && alarm.scale === scale)),
    ),
  },
  {
    name: 'drift_moved_ratio',
    help: 'Share of rows that would have to move to match the reference, in the newest closed window',
    labels: ['column', 'scale'],
    show: byColumnAndScale((watch, column, scale) => seenOf(watch, column, scale)?.moved),
  },
  {
    name: 'drift_log10_p',
    help: 'Common logarithm of the p-value of the newest closed window: to look at, not to alert on',
    labels: ['column', 'scale'],
    show: byColumnAndScale((watch, column, scale) => seenOf(watch, column, scale)?.log10P),
  },
  {
    name: 'missing_ratio',
    help: 'Share of rows without a value in the column, in the newest closed day',
    labels: ['column'],
    show: byColumn(({ missing }) => missing),
  },
  {
    name: 'outside_ratio',
    help: 'Share of rows beyond the range of training or of values never seen there, in the newest closed day',
    labels: ['column'],
    show: byColumn(({ outside }) => outside),
  },
  {
    name: 'accuracy_ratio',
    help: 'Accuracy in the newest closed window, by labels or estimated without them; 0 if nothing is known',
    labels: ['source', 'scale'],
    show: byQuality('accuracy', 'value'),
  },
  {
    name: 'accuracy_low_ratio',
    help: 'Lower end of the 95 % interval of the accuracy; 0 if nothing is known',
    labels: ['source', 'scale'],
    show: byQuality('accuracy', 'low'),
  },
  {
    name: 'accuracy_high_ratio',
    help: 'Upper end of the 95 % interval of the accuracy; 0 if nothing is known',
    labels: ['source', 'scale'],
    show: byQuality('accuracy', 'high'),
  },
  {
    name: 'accuracy_floor_ratio',
    help: 'Accuracy below which there is an alarm; 0 if none is registered',
    labels: [],
    show: bound('accuracy'),
  },
  {
    name: 'accuracy_state',
    help: '1 while the accuracy of labelled predictions is proven to be below its floor: the state to alert on',
    labels: ['scale'],
    show: isBad('accuracy'),
  },
  {
    name: 'mae',
    help: 'Mean absolute error of a regression in the newest closed window, by labels or estimated without them, in the unit of the target; 0 if nothing is known',
    labels: ['source', 'scale'],
    show: byQuality('mae', 'value'),
  },
  {
    name: 'mae_low',
    help: 'Lower end of the 95 % interval of the mean absolute error; 0 if nothing is known',
    labels: ['source', 'scale'],
    show: byQuality('mae', 'low'),
  },
  {
    name: 'mae_high',
    help: 'Upper end of the 95 % interval of the mean absolute error; 0 if nothing is known',
    labels: ['source', 'scale'],
    show: byQuality('mae', 'high'),
  },
  {
    name: 'mae_ceiling',
    help: 'Mean absolute error above which there is an alarm; 0 where none is known',
    labels: [],
    show: bound('mae'),
  },
  {
    name: 'mae_state',
    help: '1 while the mean absolute error of labelled predictions is proven to be above its ceiling: the state to alert on',
    labels: ['scale'],
    show: isBad('mae'),
  },
  {
    name: 'calibration_error_ratio',
    help: 'Mean difference between predicted probabilities and outcomes, in the newest closed 28 days',
    labels: [],
    show: (_, watch, put) => put({}, watch?.quality['28d']?.calibrationError ?? 0),
  },
  {
    name: 'label_coverage_ratio',
    help: 'Share of the predictions of the newest closed 7 days that have a label',
    labels: [],
    show: (_, watch, put) => put({}, watch?.quality['7d']?.coverage ?? 0),
  },
];

/** Registers the metrics of monitoring. They are read from the store, so all processes expose the same values. */
export function showWatch(registry: Registry, monitor: Monitor): void {
  let notes: Readonly<Record<string, WatchNote>> = {};
  let refreshedAt = -Infinity;
  const models = (): string[] => [...new Set(monitor.served.map(({ model }) => model))];
  const refresh = (): void => {
    if (performance.now() - refreshedAt < FRESH_MILLISECONDS) return;
    refreshedAt = performance.now();
    // While the store fails, the last values stay; skewless_monitor_store_up reports the failure.
    void monitor.log.readWatches(models()).then(
      (read) => (notes = read),
      () => undefined,
    );
  };
  for (const { name, help, labels, show } of GAUGES) {
    new Gauge({
      name: `skewless_monitor_${name}`,
      help,
      labelNames: ['model', 'version', ...labels],
      aggregator: 'max',
      registers: [registry],
      collect() {
        refresh();
        this.reset();
        for (const served of monitor.served) {
          const { model, version } = served;
          show(served, notes[model]?.versions[version], (own, value) => this.set({ model, version, ...own }, value));
        }
      },
    });
  }
  new Gauge({
    name: 'skewless_monitor_job_last_success_timestamp_seconds',
    help: 'Time of the last watch over the models, of the one furthest behind; 0 before the first run',
    labelNames: ['job'],
    aggregator: 'max',
    registers: [registry],
    collect() {
      const ran = models().map((model) => notes[model]?.ranAt ?? 0);
      this.set({ job: 'watch' }, ran.length === 0 ? 0 : Math.min(...ran) / 1_000);
    },
  });
  new Counter({
    name: 'skewless_monitor_alarms_total',
    help: 'Alarms since the store was made, by kind: drift, accuracy, error',
    labelNames: ['model', 'kind'],
    aggregator: 'max',
    registers: [registry],
    collect() {
      this.reset();
      for (const model of models())
        for (const kind of ALARMS) this.inc({ model, kind }, notes[model]?.alarms[kind] ?? 0);
    },
  });
  countLabels(registry, monitor, models);
}

function countLabels(registry: Registry, monitor: Monitor, models: () => string[]): void {
  const feedback = new Counter({
    name: 'skewless_monitor_feedback_total',
    help: 'Labels received at /feedback, by outcome; model is empty if it is unknown',
    labelNames: ['model', 'outcome'],
    registers: [registry],
    collect() {
      for (const model of models()) for (const outcome of OUTCOMES) this.inc({ model, outcome }, 0);
    },
  });
  const histogram = new LeanHistogram(
    registry,
    'skewless_monitor_label_delay_seconds',
    'Time from a prediction to the observation of its label',
    DELAY_SECONDS,
  );
  const tallies = new Map<string, Tally>();
  const tallyOf = ({ model, version }: { readonly model: string; readonly version: string }): Tally => {
    const key = `${model}/${version}`;
    let tally = tallies.get(key);
    if (!tally) tallies.set(key, (tally = histogram.tally({ model, version })));
    return tally;
  };
  monitor.onOpened = (served) => void tallyOf(served);
  for (const served of monitor.served) tallyOf(served);
  monitor.onLabels = ({ byModel, delays }: TakenLabels) => {
    for (const [model, outcomes] of Object.entries(byModel)) {
      for (const outcome of OUTCOMES) feedback.inc({ model, outcome }, outcomes[outcome] ?? 0);
    }
    for (const delay of delays) for (const seconds of delay.seconds) tallyOf(delay).observe(seconds);
  };
}
