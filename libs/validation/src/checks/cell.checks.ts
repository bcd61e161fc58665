import { sampleRows } from '../sample-rows.js';
import { type CheckResult } from '../validation-report.js';
import { cellRules } from './cell-rules.js';
import { type CheckContext, judged, someRows } from './check.js';

/** Types, nulls, non-finite values, ranges and allowed values of all columns, counted in one pass. */
export async function cellChecks(context: CheckContext): Promise<CheckResult[]> {
  const { database, table } = context;
  const rules = cellRules(context).filter(({ rule }) => rule.severity !== 'off');
  if (rules.length === 0) return [];
  const counts = rules.map(({ condition }, i) => `count(*) FILTER (WHERE ${condition}) AS n${i}`);
  const counted = await database.one<Record<string, number>>(`SELECT ${counts.join(', ')} FROM data`);
  const results: CheckResult[] = [];
  for (const [i, { check, column, rule, maxShare, condition, wrong }] of rules.entries()) {
    const count = counted[`n${i}`];
    const observed = table.rows === 0 ? 0 : count / table.rows;
    const passed = observed <= maxShare;
    const message = `${wrong}: ${someRows(count, observed)}`;
    const samples = passed ? [] : await sampleRows(database, table, condition);
    results.push(...judged(rule, { check, column, passed, observed, bound: maxShare, count, message, samples }));
  }
  return results;
}
