import type { ShareRule } from '../validation.rules.js';
import { type ColumnReader, kindOf, sqlNumber } from '#schema';
import { literal, type LoadedColumn } from '#tables';
import type { CheckResult } from '../validation-report.js';
import { type CheckContext } from './check.js';

/** A condition on single cells, and the share of rows that may break it. */
export interface CellRule {
  readonly check: CheckResult['check'];
  readonly column: string;
  readonly rule: ShareRule;
  readonly maxShare: number;
  /** SQL, true where a cell breaks the rule. */
  readonly condition: string;
  /** A message part; the caller appends ": 3 rows (1 %)". */
  readonly wrong: string;
}

function rangeRule(column: LoadedColumn, context: CheckContext): CellRule[] {
  const { name, value } = column;
  const outside = kindOf(column).sqlOutside(column, value);
  if (outside.length === 0) return [];
  const { minimum = '-∞', maximum = '∞' } = column as { minimum?: number | string; maximum?: number | string };
  const quantiles = context.statistics.columns[name]?.quantiles;
  const { toValue } = kindOf(column).reader(column);
  const found = quantiles ? ` (found ${toValue(quantiles[0])} to ${toValue(quantiles[quantiles.length - 1])})` : '';
  const rule = context.rules.ranges;
  return [
    {
      check: 'ranges',
      column: name,
      rule,
      maxShare: rule.maxShare,
      condition: `isfinite(${value}) AND (${outside.join(' OR ')})`,
      wrong: `outside ${minimum} to ${maximum}${found}`,
    },
  ];
}

function allowedRule(
  name: string,
  sql: string,
  literalOf: (value: number | string) => string,
  { rules }: CheckContext,
): CellRule[] {
  const rule = rules.allowedValues;
  const values = Object.hasOwn(rule.columns, name) ? rule.columns[name] : undefined;
  if (!values) return [];
  const list = values.map(literalOf).join(', ');
  const condition = `${sql} NOT IN (${list})`;
  return [
    {
      check: 'allowedValues',
      column: name,
      rule,
      maxShare: rule.maxShare,
      condition,
      wrong: `not one of ${values.join(', ')}`,
    },
  ];
}

/** The SQL number of an allowed value; NaN, which no cell has, for an invalid one. */
const numberLiterals =
  (reader: ColumnReader) =>
  (value: number | string): string =>
    sqlNumber(reader.fromText(String(value)) ?? NaN);

function columnRules(column: LoadedColumn, context: CheckContext): CellRule[] {
  const { name, value, raw, nullable } = column;
  const kind = kindOf(column);
  const { types, nulls, nonFinite } = context.rules;
  return [
    {
      check: 'types',
      column: name,
      rule: types,
      maxShare: types.maxShare,
      condition: kind.sqlMisfit(column),
      wrong: kind.misfit,
    },
    {
      check: 'nulls',
      column: name,
      rule: nulls,
      maxShare: nullable ? nulls.maxShareNullable : nulls.maxShare,
      condition: `${value} IS NULL AND ${raw} IS NULL`,
      wrong: 'no value',
    },
    {
      check: 'nonFinite',
      column: name,
      rule: nonFinite,
      maxShare: nonFinite.maxShare,
      condition: `NOT isfinite(${value})`,
      wrong: 'NaN or infinite',
    },
    ...rangeRule(column, context),
    ...allowedRule(name, value, numberLiterals(kind.reader(column)), context),
  ];
}

/** All rules about single cells that apply to the columns of this table. */
export function cellRules(context: CheckContext): CellRule[] {
  const { columns, target, hasTarget } = context.table;
  const { nulls } = context.rules;
  const rules = columns.flatMap((column) => columnRules(column, context));
  if (!hasTarget) return rules;
  return [
    ...rules,
    {
      check: 'nulls',
      column: target,
      rule: nulls,
      // Training drops these rows, as it fills missing values of a nullable column.
      maxShare: nulls.maxShareNullable,
      condition: 'target IS NULL',
      wrong: 'no label',
    },
    ...allowedRule(target, 'target', (label) => literal(String(label)), context),
  ];
}
