import type { MonitorPlan } from '../cells/monitor-plan.js';
import type { HourCounts } from '../counts/hour-counts.js';
import { type ColumnStatus, describeWindow, type WindowDescription } from '../drift/describe-window.js';
import type { WatchOptions } from '../drift/judge-window.js';
import type { Episode } from '../episodes/episodes.js';
import type { Scale } from '../time/scales.js';
import type { QualityEpisode } from '../watch/events.js';
import type { EstimateReport, QualityReport } from './quality-report.js';
import type { ShownWindow } from './shown-window.js';

/** An open alarm: a column that differs from its reference, or an accuracy or error beyond its bound. Shares are 0 to 1. */
export interface AlarmReport {
  readonly kind: 'drift' | 'accuracy' | 'error';
  /** Of a drift; else null. */
  readonly column: string | null;
  /** Of a drift, the rows whose share has changed: "values above 61.2". */
  readonly split: string | null;
  /** The share in the reference; of an accuracy or error the registered value, or where there is none, its bound. */
  readonly baseline: number;
  readonly now: number;
  /** 95 % interval of `now`. */
  readonly low: number;
  readonly high: number;
  /** Of a drift; else null. */
  readonly p: number | null;
  /** Significance level of p. */
  readonly level: number | null;
  /** ISO 8601; end of the first window that showed it. */
  readonly since: string;
}

/** One column of a window. Shares are 0 to 1. */
export interface ColumnReport {
  readonly name: string;
  readonly status: ColumnStatus;
  /** Share of rows that would have to move to match the reference (total variation). */
  readonly moved: number;
  readonly missing: number;
  /** Share of rows outside the reference's range or never seen. */
  readonly unseen: number;
  /** The smallest rise of the share above the middle that would be detected with a power of 80 %; null: none. */
  readonly smallest_visible: number | null;
}

/** The log of a window's rows. */
export interface LogReport {
  readonly rows: number;
  readonly dropped: number;
  readonly store: 'up' | 'down';
}

/** The report of one window of a version: the response of `GET /monitor/{model}?format=json`. */
export interface WindowReport {
  readonly model: string;
  readonly version: string;
  readonly window: {
    readonly scale: Scale;
    /** ISO 8601. */
    readonly from: string;
    /** Exclusive. */
    readonly to: string;
    readonly closed: boolean;
    readonly rows: number;
  };
  readonly status: ColumnStatus;
  readonly alarms: readonly AlarmReport[];
  readonly columns: readonly ColumnReport[];
  readonly quality: QualityReport | null;
  readonly estimate: EstimateReport | null;
  readonly log: LogReport;
}

/** Everything that a report is computed from. */
export interface ReportInput {
  readonly model: string;
  readonly version: string;
  readonly plan: MonitorPlan;
  readonly window: ShownWindow;
  /** The merged hours of the window. */
  readonly hours: HourCounts;
  readonly options?: WatchOptions;
  /** Open episodes. */
  readonly episodes: readonly Episode[];
  readonly badQuality?: readonly QualityEpisode[];
  readonly quality: QualityReport | null;
  readonly estimate: EstimateReport | null;
  readonly log: LogReport;
}

const iso = (time: number): string => new Date(time).toISOString();

function driftReport({ since, alarm }: Episode): AlarmReport {
  const { column, split, baseline, now, low, high, logP, logLevel } = alarm;
  const [p, level] = [Math.exp(logP), Math.exp(logLevel)];
  return { kind: 'drift', column, split, baseline, now, low, high, p, level, since: iso(since) };
}

const qualityReport = ({ since, alarm }: QualityEpisode): AlarmReport => ({
  kind: alarm.metric === 'accuracy' ? 'accuracy' : 'error',
  column: null,
  split: null,
  baseline: alarm.registered ?? alarm.bound,
  now: alarm.value,
  low: alarm.low,
  high: alarm.high,
  p: null,
  level: null,
  since: iso(since),
});

/** An open window raises no alarm: a column counts as moved only where it has an open episode. */
function withoutVerdict(description: WindowDescription, episodes: readonly Episode[]): WindowDescription {
  const columns = description.columns.map((column) =>
    column.status === 'moved' && !episodes.some(({ alarm }) => alarm.column === column.name)
      ? { ...column, status: 'as_usual' as const }
      : column,
  );
  const has = (status: ColumnStatus): boolean => columns.some((column) => column.status === status);
  const status = (['moved', 'as_usual', 'too_few_rows'] as const).find(has) ?? 'no_baseline';
  return { ...description, status, columns };
}

/** A report, and the more detailed description that it is taken from. */
export interface DescribedReport {
  readonly report: WindowReport;
  readonly description: WindowDescription;
}

/** A pure function of counts, labels and episodes. */
export function reportOf(input: ReportInput): DescribedReport {
  const { model, version, plan, window, hours, options, episodes, badQuality = [], quality, estimate, log } = input;
  const described = describeWindow(plan, hours, window.scale, options);
  const description = window.closed ? described : withoutVerdict(described, episodes);
  const { scale, from, to, closed } = window;
  const columns = description.columns.map(({ name, status, moved, missing, unseen, smallest_visible }) => ({
    name,
    status,
    moved,
    missing,
    unseen,
    smallest_visible,
  }));
  const report: WindowReport = {
    model,
    version,
    window: { scale, from: iso(from), to: iso(to), closed, rows: hours.rows },
    status: episodes.length > 0 ? 'moved' : description.status,
    alarms: [...episodes.map(driftReport), ...badQuality.map(qualityReport)],
    columns,
    quality,
    estimate,
    log,
  };
  return { report, description };
}
