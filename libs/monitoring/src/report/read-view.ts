import type { ClassScoreBin, ScoreTable } from '#bundle';
import { DAY } from '#kit';
import { BELOW, FIRST_BIN, MISSING } from '../cells/split.js';
import type { MonitorPlan } from '../cells/monitor-plan.js';
import { fromCellCounts } from '../counts/cell-counts.js';
import type { Counts } from '../counts/counts.js';
import { addHours } from '../counts/hour-counts.js';
import { type BinOutcome, binOutcomes, calibrationOf, liveAccuracy, usualCoverage } from '../quality/outcomes.js';
import type { MonitorStore } from '../store/monitor-store.js';
import { dayOf } from '../store/rows.js';
import { closedUpTo, type Scale } from '../time/scales.js';
import { ClosedHours } from '../watch/closed-hours.js';
import { eventsOf } from '../watch/events.js';
import { referenceOf } from '../watch/run-watch.js';
import { readWatch, type VersionWatch } from '../watch/watch-note.js';
import { planOf, registeredOf, type WatchedVersion } from '../watch/watched-version.js';
import { totalVariation } from '#statistics';
import { cellsOf } from './column-cells.js';
import { historyOf } from './history.js';
import {
  classQuality,
  errorQuality,
  estimateQuality,
  type Labelled,
  type QualityReport,
  refutes,
} from './quality-report.js';
import { lastClosedWindow, openWindow, type ShownWindow, windowEndingAt } from './shown-window.js';
import { readSlices, rowsIn } from './slice-quality.js';
import type { DayView, HistoryEntry, VersionView } from './version-view.js';
import { type LogReport, reportOf } from './window-report.js';

const DAYS = 28;
/** With fewer labels in the window, the calibration is that of all days. */
const LEAST_LABELS = 100;

export interface ViewQuery {
  readonly scale: Scale;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** End of the requested window; by default the newest window with rows. */
  readonly to?: number;
  /** The state of the log in the process that serves predictions. */
  readonly log?: Pick<LogReport, 'dropped' | 'store'>;
  /** Events that the store does not record. */
  readonly moves?: readonly HistoryEntry[];
}

function within(outcomes: Labelled, from: number, to: number): Labelled {
  const isIn = ({ day }: { readonly day: number }): boolean => day >= from && day < to;
  return 'classes' in outcomes ? { classes: outcomes.classes.filter(isIn) } : { errors: outcomes.errors.filter(isIn) };
}

const countOf = (outcomes: Labelled): number => rowsIn('classes' in outcomes ? outcomes.classes : outcomes.errors);

/** The outcomes of a version's predictions in a period, read from the store once. */
class Quality {
  private readonly table: ScoreTable | undefined;

  constructor(
    private readonly watched: WatchedVersion,
    private readonly plan: MonitorPlan,
    private readonly outcomes: Labelled,
  ) {
    this.table = watched.baseline?.scores;
  }

  static async read(
    store: MonitorStore,
    watched: WatchedVersion,
    plan: MonitorPlan,
    from: number,
    to: number,
  ): Promise<Quality> {
    const { model, version, task, baseline } = watched;
    const query = { model, version, from, to, edges: baseline?.scores?.uppers ?? [] };
    const outcomes =
      task === 'regression' ? { errors: await store.errors(query) } : { classes: await store.outcomes(query) };
    return new Quality(watched, plan, outcomes);
  }

  /** Number of records of predictions. */
  get records(): number {
    return countOf(this.outcomes);
  }

  get labels(): number {
    return this.bins.reduce((sum, { labels }) => sum + labels, 0);
  }

  get bins(): readonly BinOutcome[] {
    return 'classes' in this.outcomes ? binOutcomes(this.outcomes.classes, this.table?.bins.length ?? 1) : [];
  }

  get isRefuted(): boolean {
    return this.table !== undefined && refutes(this.table, this.outcomes);
  }

  /** Restricted to the days of [from, to). */
  of(from: number, to: number): Quality {
    return new Quality(this.watched, this.plan, within(this.outcomes, from, to));
  }

  /** Shares of labelled rows by day. */
  get coverages(): { readonly day: number; readonly coverage: number }[] {
    const days = new Map<number, { rows: number; labels: number }>();
    const add = (day: number, rows: number, labels: number): void => {
      const own = days.get(day) ?? { rows: 0, labels: 0 };
      days.set(day, { rows: own.rows + rows, labels: own.labels + labels });
    };
    if ('classes' in this.outcomes) {
      for (const { day, rows, label } of this.outcomes.classes) add(day, rows, label === null ? 0 : rows);
    } else for (const { day, rows, labels } of this.outcomes.errors) add(day, rows, labels);
    return [...days].map(([day, { rows, labels }]) => ({ day, coverage: labels / rows }));
  }

  report(usual: number | null): QualityReport | null {
    if ('errors' in this.outcomes) return errorQuality(this.outcomes.errors, this.watched, usual);
    return classQuality(liveAccuracy(this.bins), this.watched.accuracy, usual);
  }

  /** @param counts of the period's rows */
  estimate(counts: Float64Array): ReturnType<typeof estimateQuality> {
    const score = this.plan.columns.findIndex(({ role }) => role === 'score');
    if (score < 0) return null;
    const cells = counts.subarray(this.plan.offsets[score], this.plan.offsets[score] + this.plan.columns[score].cells);
    // Rows beyond the ends of the table belong to its first and last bin.
    const bins = cells.slice(FIRST_BIN, -1);
    bins[0] += cells[BELOW];
    bins[bins.length - 1] += cells[cells.length - 1];
    return estimateQuality(this.table, [...bins], this.outcomes);
  }

  get live(): VersionView['live'] {
    return 'classes' in this.outcomes ? liveAccuracy(this.bins) : null;
  }

  /** Of the positive class of a binary task. */
  get calibration(): VersionView['calibration'] {
    const { task, classes } = this.watched;
    if (!this.table || task !== 'binary' || !('classes' in this.outcomes)) return null;
    const label = String(classes[1]);
    const live = this.table.bins.map(() => ({ count: 0, rows: 0 }));
    for (const { bin, rows, label: truth } of this.outcomes.classes) {
      if (truth === null) continue;
      const own = live[Math.min(bin, live.length - 1)];
      own.rows += rows;
      if (truth === label) own.count += rows;
    }
    const bins = calibrationOf(this.table as ScoreTable<ClassScoreBin>, 1, live);
    const known = bins.filter((bin) => bin !== null);
    return known.length === 0 ? null : { label, labels: this.labels, bins: known };
  }

  get confusion(): VersionView['confusion'] {
    if (!('classes' in this.outcomes)) return null;
    const labelled = this.outcomes.classes.filter(({ label }) => label !== null);
    if (labelled.length === 0) return null;
    const known = this.watched.classes.map(String);
    const others = [...new Set(labelled.map(({ label }) => label!))].filter((label) => !known.includes(label)).sort();
    const classes = [...known, ...others];
    const places = new Map(classes.map((label, i) => [label, i]));
    const counts = classes.map(() => classes.map(() => 0));
    for (const { prediction, label, rows } of labelled) {
      const row = counts[places.get(prediction) ?? -1] as number[] | undefined;
      if (row) row[places.get(label!)!] += rows;
    }
    return { classes, counts };
  }
}

/** Compares the rows of a day with the reference, column by column. */
function dayColumns(
  plan: MonitorPlan,
  { cells }: Counts,
  referenceOfColumn: (c: number) => Float64Array,
): DayView['columns'] {
  return plan.columns.map((column, c) => {
    const now = Float64Array.from({ length: column.cells }, (_, i) => cells[plan.offsets[c] + i]);
    const rows = now.reduce((sum, count) => sum + count, 0);
    const share = (count: number): number => (rows === 0 ? 0 : count / rows);
    const expected = referenceOfColumn(c);
    return {
      moved: rows === 0 || expected.every((count) => count === 0) ? 0 : totalVariation({ expected, actual: now }),
      missing: share(now[MISSING]),
      unseen: share(now[BELOW] + now[now.length - 1]),
    };
  });
}

/** Reads the counts of the requested window. */
async function chooseWindow(
  hours: ClosedHours,
  plan: MonitorPlan,
  { scale, to }: ViewQuery,
  closed: number,
  since: number,
): Promise<{ readonly window: ShownWindow; readonly counts: ReturnType<typeof addHours> }> {
  const read = async (window: ShownWindow) => {
    const own = window.closed ? hours.between(window.from, window.to) : [];
    const found = own.length > 0 ? own : await hours.soFar(window.from, window.to);
    return { window, counts: addHours(plan, found) };
  };
  if (to !== undefined) return read(windowEndingAt(scale, to, closed, since));
  const last = await read(lastClosedWindow(scale, closed, since));
  if (last.counts.rows > 0) return last;
  const open = await read(openWindow(scale, closed, since));
  return open.counts.rows > 0 ? open : last;
}

const NOTHING: Partial<VersionWatch> = {};

/** Reads everything that the pages of a version show. @throws what the store throws */
export async function readView(store: MonitorStore, watched: WatchedVersion, query: ViewQuery): Promise<VersionView> {
  const { model, version, task } = watched;
  const plan = planOf(watched);
  const note = await readWatch(store, model);
  const { state, badQuality = [] } = note?.versions[version] ?? NOTHING;
  const events = await eventsOf(store, model);
  const adopted = referenceOf(events, version);
  const cells = adopted?.cells.length === plan.length ? Float64Array.from(adopted.cells) : undefined;
  const referenceOfColumn = (c: number): Float64Array =>
    cells?.subarray(plan.offsets[c], plan.offsets[c] + plan.columns[c].cells) ?? plan.columns[c].reference;
  // A watch run may have been given a later time.
  const closed = Math.max(closedUpTo(query.now), state?.closedUpTo ?? 0);
  const since = Math.max(state?.since ?? 0, cells ? adopted!.to : 0);
  const hours = await ClosedHours.read(store, plan, watched);
  const { window, counts } = await chooseWindow(hours, plan, query, closed, since);

  const end = dayOf(window.to - 1) + DAY;
  const start = Math.min(end - DAYS * DAY, dayOf(window.from));
  const all = await Quality.read(store, watched, plan, start, end);
  const ownFrom = window.scale === '1h' ? window.from : dayOf(window.from);
  const own =
    window.scale === '1h' ? await Quality.read(store, watched, plan, window.from, window.to) : all.of(ownFrom, end);
  const usual = usualCoverage(all.coverages, query.now);
  const quality = own.report(usual);
  const estimate = all.isRefuted ? null : own.estimate(counts.cells);

  const records = own.records;
  const { report, description } = reportOf({
    model,
    version,
    plan,
    window,
    hours: counts,
    options: cells ? { reference: cells } : {},
    episodes: state?.episodes ?? [],
    badQuality,
    quality,
    estimate,
    log: {
      rows: records,
      dropped: Math.max(query.log?.dropped ?? 0, 0),
      store: query.log?.store ?? 'up',
    },
  });

  const byDay = fromCellCounts(
    plan,
    await store.counts({ model, version, from: end - DAYS * DAY, to: end, scale: 'day' }),
  );
  const days = Array.from({ length: DAYS }, (_, i): DayView => {
    const day = end - (DAYS - i) * DAY;
    const counted = byDay.get(day);
    const found = all.of(day, day + DAY);
    return {
      day,
      rows: counted?.rows ?? 0,
      quality: found.report(usual),
      estimate: counted ? found.estimate(Float64Array.from(counted.cells)) : null,
      columns: counted ? dayColumns(plan, counted, referenceOfColumn) : [],
    };
  });
  const { gone } = await store.usage();
  return {
    report,
    metric: task === 'regression' ? 'mae' : 'accuracy',
    registered: registeredOf(watched),
    description,
    columns: description.columns.map((column, c) => ({
      ...column,
      role: plan.columns[c].role,
      cells: cellsOf(
        plan.columns[c],
        referenceOfColumn(c),
        counts.cells.subarray(plan.offsets[c], plan.offsets[c] + plan.columns[c].cells),
      ),
    })),
    // An adopted reference replaces the missing baseline, but has no scores of tested rows.
    lacking: cells ? plan.lacking.map((what) => (what === 'baseline' ? 'scores' : what)) : plan.lacking,
    adopted: cells ? { by: adopted!.by, reason: adopted!.reason } : null,
    baselineRows: cells ? adopted!.rows : rowsOfPlan(plan),
    days,
    live: own.live,
    refuted: all.isRefuted || own.isRefuted,
    calibration: (own.labels < LEAST_LABELS ? all : own).calibration,
    slices: await readSlices(
      store,
      watched,
      { model, version, from: ownFrom, to: window.scale === '1h' ? window.to : end },
      usual,
    ),
    confusion: own.confusion,
    history: historyOf(events, version, query.moves ?? []),
    gone,
    problem: null,
    watchedAt: state?.closedUpTo ?? null,
  };
}

/** Number of rows of the baseline. */
const rowsOfPlan = ({ columns }: MonitorPlan): number =>
  columns.reduce(
    (most, { role, reference }) =>
      role === 'input'
        ? Math.max(
            most,
            reference.reduce((sum, count) => sum + count, 0),
          )
        : most,
    0,
  );
