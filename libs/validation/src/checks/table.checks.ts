import type { CheckResult } from '../validation-report.js';
import { MAX_CLASSES } from '../table-stats.js';
import { type CheckContext, grouped, judged, someRows } from './check.js';

const NUMERIC: ReadonlySet<string> = new Set(['float', 'integer']);

function rowCount({ table: { rows }, rules: { rowCount: rule } }: CheckContext): CheckResult[] {
  const isFew = rows < rule.minimum;
  const bound = isFew ? rule.minimum : rule.maximum;
  const passed = !isFew && rows <= rule.maximum;
  const message = passed
    ? `${grouped(rows)} rows`
    : `${grouped(rows)} rows, ${isFew ? 'fewer' : 'more'} than ${grouped(bound)}`;
  return judged(rule, { check: 'rowCount', passed, observed: rows, bound, message });
}

/** A constant column teaches nothing; `observed` is the number of distinct values: 1, or 2 for two or more. */
function constantColumns({ table, schema, rules: { constantColumns: rule }, statistics }: CheckContext): CheckResult[] {
  return table.columns.flatMap(({ name }) => {
    const quantiles = statistics.columns[name]?.quantiles;
    if (!quantiles) return [];
    // The numbers of categories, texts and dates are codes.
    const isNumeric = schema.some((column) => column.name === name && NUMERIC.has(column.type));
    const passed = quantiles[0] < quantiles[quantiles.length - 1];
    const message = passed
      ? 'the values differ'
      : isNumeric
        ? `every value is ${quantiles[0]}`
        : 'all rows have the same value';
    return judged(rule, {
      check: 'constantColumns',
      column: name,
      passed,
      observed: passed ? 2 : 1,
      bound: 2,
      count: passed ? 0 : statistics.columns[name].count,
      message,
    });
  });
}

/** The rarest class; classes that `allowedValues` lists count even if they never occur. */
function classBalance({ table, rules, statistics }: CheckContext): CheckResult[] {
  if (!table.hasTarget) return [];
  const rule = rules.classBalance;
  const { column, classes } = statistics.target;
  const allowed = (
    (Object.hasOwn(rules.allowedValues.columns, column) && rules.allowedValues.columns[column]) ||
    []
  ).map((value) => [String(value), 0]);
  const counts = Object.entries<number>({ ...(Object.fromEntries(allowed) as Record<string, number>), ...classes });
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const isMany = counts.length >= MAX_CLASSES;
  const [rarest, count] = counts.reduce((least, one) => (one[1] < least[1] ? one : least), ['none', Infinity]);
  const observed = counts.length < 2 || isMany || total === 0 ? 0 : count / total;
  const passed = counts.length > 1 && !isMany && observed >= rule.minShare;
  const message = isMany
    ? `${grouped(MAX_CLASSES)} classes or more, too many for a class label`
    : counts.length < 2
      ? `${counts.length} class; two are needed`
      : `the rarest of ${counts.length} classes, ${rarest}, has ${someRows(count, observed)}`;
  return judged(rule, {
    check: 'classBalance',
    column,
    passed,
    observed,
    bound: rule.minShare,
    count: Number.isFinite(count) ? count : 0,
    message,
  });
}

/** The checks of columns and of the table as a whole. */
export function tableChecks(context: CheckContext): CheckResult[] {
  return [...rowCount(context), ...constantColumns(context), ...classBalance(context)];
}
