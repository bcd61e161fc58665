import type { Severity, ValidationRules } from './validation.rules.js';
import type { ReferenceStats } from './reference-stats.js';
import type { TableDetails } from './table-details.js';
import type { SampleRow } from '#tables';

/** The result of one check, for one column or (`null`) the table. */
export interface CheckResult {
  readonly check: keyof ValidationRules;
  readonly column: string | null;
  readonly severity: Exclude<Severity, 'off'>;
  readonly passed: boolean;
  readonly observed: number;
  readonly bound: number;
  /** Rows (for header checks: columns) that break the rule, within tolerance or not. */
  readonly count: number;
  readonly message: string;
  /** Up to 20; only for failed checks. */
  readonly samples: readonly SampleRow[];
}

export interface ValidationReport {
  readonly format_version: 1;
  readonly data: {
    readonly path: string;
    readonly format: 'csv' | 'parquet';
    readonly bytes: number;
    readonly rows: number;
    readonly columns: number;
  };
  readonly reference: string | null;
  /** Whether no check of severity `error` failed. */
  readonly passed: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly checks: readonly CheckResult[];
  /** The contents of `reference_stats.json`; not part of `validation.json`. */
  readonly statistics: ReferenceStats;
  /** For the page; in neither file. */
  readonly details: TableDetails;
}
