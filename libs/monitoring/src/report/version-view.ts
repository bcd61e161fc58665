import type { ColumnPlan } from '../cells/column-plan.js';
import type { Lacking } from '../cells/monitor-plan.js';
import type { ColumnDescription, WindowDescription } from '../drift/describe-window.js';
import type { LiveCalibrationBin, Estimate, LiveAccuracy, LiveMetric } from '../quality/outcomes.js';
import type { CellReport } from './column-cells.js';
import type { SliceView } from './slice-quality.js';
import type { WindowReport } from './window-report.js';

/** One day of a version, independent of the window shown. */
export interface DayView {
  /** Its start, in milliseconds since the epoch. */
  readonly day: number;
  readonly rows: number;
  readonly quality: (Estimate & { readonly labels: number; readonly mature: boolean }) | null;
  readonly estimate: Estimate | null;
  /** One for each column, in the plan's order; empty for a day without rows. */
  readonly columns: readonly { readonly moved: number; readonly missing: number; readonly unseen: number }[];
}

/** A column, with what pages show in addition to its description. */
export interface ColumnView extends ColumnDescription {
  readonly role: ColumnPlan['role'];
  readonly cells: readonly CellReport[];
}

/** An event in the history of a model: an alarm, its end, an acknowledgement, a newly loaded version. */
export interface HistoryEntry {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly kind: 'opened' | 'closed' | 'acknowledged' | 'adopted' | 'loaded' | 'alias';
  readonly text: string;
}

/** Everything that the pages of a version show. */
export interface VersionView {
  readonly report: WindowReport;
  readonly metric: LiveMetric;
  /** The metric on the test part when the version was registered. */
  readonly registered: number | null;
  readonly description: WindowDescription;
  readonly columns: readonly ColumnView[];
  readonly lacking: readonly Lacking[];
  /** Who adopted another window as the reference, and why; null where training is the reference. */
  readonly adopted: { readonly by: string; readonly reason: string } | null;
  /** Rows of the reference. */
  readonly baselineRows: number;
  /** The last 28 days, oldest first. */
  readonly days: readonly DayView[];
  /** The accuracy of the labelled rows; null for a regression. */
  readonly live: LiveAccuracy | null;
  readonly refuted: boolean;
  /** Of the positive class of a binary task; of the window, or of the 28 days where the window has few labels. */
  readonly calibration: {
    readonly label: string;
    readonly labels: number;
    readonly bins: readonly LiveCalibrationBin[];
  } | null;
  /** Quality by the values of slice columns. */
  readonly slices: readonly SliceView[];
  /** Labelled rows by predicted (outer) and true class. */
  readonly confusion: { readonly classes: readonly string[]; readonly counts: readonly (readonly number[])[] } | null;
  /** Newest first. */
  readonly history: readonly HistoryEntry[];
  /** Removed early, because the store had reached its size limit. */
  readonly gone: { readonly rows: number; readonly records: number };
  /** Why the store cannot be read; null where it can. */
  readonly problem: string | null;
  /** The time up to which windows are closed, in milliseconds since the epoch; null: never. */
  readonly watchedAt: number | null;
}
