import type { ColumnPlan } from '../cells/column-plan.js';
import type { Lacking } from '../cells/monitor-plan.js';
import type { ColumnDescription, WindowDescription } from '../drift/describe-window.js';
import type { LiveCalibrationBin, Estimate, LiveAccuracy, LiveMetric } from '../quality/outcomes.js';
import type { CellReport } from './column-cells.js';
import type { SliceView } from './slice-quality.js';
import type { WindowReport } from './window-report.js';

/** One day of a version, whatever window is shown. */
export interface DayView {
  /** Its start, in milliseconds since the epoch. */
  readonly day: number;
  readonly rows: number;
  readonly quality: (Estimate & { readonly labels: number; readonly mature: boolean }) | null;
  readonly estimate: Estimate | null;
  /** Of each column in the plan's order; none of a day without rows. */
  readonly columns: readonly { readonly moved: number; readonly missing: number; readonly unseen: number }[];
}

/** A column with what pages show of it beside its report. */
export interface ColumnView extends ColumnDescription {
  readonly role: ColumnPlan['role'];
  readonly cells: readonly CellReport[];
}

/** Something that happened to the model: an alarm, its end, an acknowledgement, a version that began to answer. */
export interface HistoryEntry {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly kind: 'opened' | 'closed' | 'acknowledged' | 'adopted' | 'loaded' | 'alias';
  readonly text: string;
}

/** All that the pages of a version show. */
export interface VersionView {
  readonly report: WindowReport;
  readonly metric: LiveMetric;
  /** The metric on the test part, as the version was registered. */
  readonly registered: number | null;
  readonly description: WindowDescription;
  readonly columns: readonly ColumnView[];
  readonly lacking: readonly Lacking[];
  /** The window is compared with one that a person adopted, not with training. */
  readonly adopted: { readonly by: string; readonly reason: string } | null;
  /** Rows of the reference. */
  readonly baselineRows: number;
  /** The last 28 days, the oldest first. */
  readonly days: readonly DayView[];
  /** Of classes: what is known of the labelled rows beside the weighted accuracy. */
  readonly live: LiveAccuracy | null;
  readonly refuted: boolean;
  /** Of the positive one of two classes, of so many labels: the window's, or of the 28 days where it has few. */
  readonly calibration: {
    readonly label: string;
    readonly labels: number;
    readonly bins: readonly LiveCalibrationBin[];
  } | null;
  /** Labelled rows by what was predicted (outer) and what was true. */
  /** What labels say by the values of slice columns. */
  readonly slices: readonly SliceView[];
  readonly confusion: { readonly classes: readonly string[]; readonly counts: readonly (readonly number[])[] } | null;
  /** The newest first. */
  readonly history: readonly HistoryEntry[];
  /** Went before their time, as the store had grown to its bound. */
  readonly gone: { readonly rows: number; readonly records: number };
  /** Why the store cannot be read, where it cannot. */
  readonly problem: string | null;
  /** When windows were closed last by the watch, in milliseconds since the epoch; null: never. */
  readonly watchedAt: number | null;
}
