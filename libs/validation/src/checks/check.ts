import type { Rule, ValidationRules } from '../validation.rules.js';
import type { Reference, ReferenceStats } from '../reference-stats.js';
import type { Database, LoadedTable } from '#tables';
import type { CheckResult } from '../validation-report.js';
import type { RawSchema } from '#schema';

/** The input of a check. */
export interface CheckContext {
  readonly database: Database;
  readonly table: LoadedTable;
  readonly schema: RawSchema;
  /** Columns that the table may have but the model does not use. */
  readonly unused: readonly string[];
  readonly rules: ValidationRules;
  readonly statistics: ReferenceStats;
  readonly reference: Reference | undefined;
}

/** Inspects the data; a rule that is off gives no result. */
export type Check = (context: CheckContext) => Promise<CheckResult[]> | CheckResult[];

type Finding = Omit<CheckResult, 'severity' | 'samples' | 'column' | 'count'> &
  Partial<Pick<CheckResult, 'samples' | 'column' | 'count'>>;

/** Adds the rule's severity to a finding; empty when the rule is off. */
export function judged({ severity }: Rule, finding: Finding): CheckResult[] {
  if (severity === 'off') return [];
  const { check, column = null, passed, observed, bound, count = passed ? 0 : 1, message, samples = [] } = finding;
  return [{ check, column, severity, passed, observed, bound, count, message, samples }];
}

/** For example 1,234. */
export const grouped = (count: number): string => count.toLocaleString('en-US');

/** For example "1 row (0.01 %)". */
export const someRows = (count: number, share: number, unit = 'row'): string =>
  `${grouped(count)} ${unit}${count === 1 ? '' : 's'} (${percent(share)})`;

/** A share as text, for example 0.01 %; a small share is never rounded to 0. */
export const percent = (share: number): string =>
  share > 0 && share < 0.0001 ? 'less than 0.01 %' : `${Number((share * 100).toFixed(2))} %`;
