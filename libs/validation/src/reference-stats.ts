import type { Baseline } from '#bundle';

/** As in a bundle's baseline.json, plus the number of finite values; all other rows count as missing. */
export type ColumnStats = Baseline['columns'][string] & { readonly count: number };

/** `reference_stats.json`: a bundle's `baseline.json` plus the classes. */
export interface ReferenceStats {
  readonly format_version: 1 | 2;
  readonly rows: number;
  /** Without columns that have no finite value. */
  readonly columns: Readonly<Record<string, ColumnStats>>;
  readonly target: { readonly column: string; readonly classes: Readonly<Record<string, number>> };
}

/** What data is compared with; a bundle's baseline lacks counts and classes. */
export type Reference = Baseline & Partial<Pick<ReferenceStats, 'target'>>;
