import type { Baseline } from '#registry';

/** The shares at which a column's `quantiles` are taken. */
export const QUANTILE_SHARES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;
export const HISTOGRAM_BINS = 20;
/** A column of no more different values is described by all of them. */
export const MAX_VALUES = 32;

/** As in a bundle's baseline.json, plus the number of finite values; every other row counts as missing. */
export type ColumnStats = Baseline['columns'][string] & { readonly count: number };

/** `reference_stats.json`: a bundle's `baseline.json` and the classes besides. */
export interface ReferenceStats {
  readonly format_version: 1;
  readonly rows: number;
  /** Columns without a single finite value are left out. */
  readonly columns: Readonly<Record<string, ColumnStats>>;
  readonly target: { readonly column: string; readonly classes: Readonly<Record<string, number>> };
}

/** What data is compared with; a bundle's baseline has neither counts nor classes. */
export type Reference = Baseline & Partial<Pick<ReferenceStats, 'target'>>;
