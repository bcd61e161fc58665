import type { Baseline } from '#bundle';

/** As in a bundle's baseline.json, plus the number of finite values; every other row counts as missing. */
export type ColumnStats = Baseline['columns'][string] & { readonly count: number };

/** `reference_stats.json`: a bundle's `baseline.json` and the classes besides. */
export interface ReferenceStats {
  readonly format_version: 1 | 2;
  readonly rows: number;
  /** Columns without a single finite value are left out. */
  readonly columns: Readonly<Record<string, ColumnStats>>;
  readonly target: { readonly column: string; readonly classes: Readonly<Record<string, number>> };
}

/** What data is compared with; a bundle's baseline has neither counts nor classes. */
export type Reference = Baseline & Partial<Pick<ReferenceStats, 'target'>>;
