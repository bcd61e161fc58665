import { sampleRowsAt } from '../sample-rows.js';
import type { CheckResult } from '../validation-report.js';
import { type CheckContext, judged, someRows } from './check.js';
import { findRepeatedRows } from './repeated-rows.js';

const WRONG = {
  duplicates: 'repeats of an earlier row',
  conflictingLabels: 'features that also occur with another target',
};

/** Duplicate rows, and equal features with different targets. */
export async function rowChecks({ database, table, rules }: CheckContext): Promise<CheckResult[]> {
  const checks = (['duplicates', 'conflictingLabels'] as const).filter(
    (check) => rules[check].severity !== 'off' && (check === 'duplicates' || table.hasTarget),
  );
  if (checks.length === 0 || table.columns.length === 0 || table.rows === 0) return [];
  const repeated = await findRepeatedRows(database, table);
  const results: CheckResult[] = [];
  for (const check of checks) {
    const { count, rows } = check === 'duplicates' ? repeated.duplicates : repeated.conflicts;
    const observed = count / table.rows;
    const { maxShare } = rules[check];
    const passed = observed <= maxShare;
    const message = `${WRONG[check]}: ${someRows(count, observed)}`;
    const samples = passed ? [] : await sampleRowsAt(database, table, rows);
    results.push(...judged(rules[check], { check, passed, observed, bound: maxShare, count, message, samples }));
  }
  return results;
}
