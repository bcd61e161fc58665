import { percent } from '../checks/check.js';
import type { CheckResult } from '../validation-report.js';

type Unit = 'share' | 'distance' | 'column' | 'row' | 'value';

const UNITS: Readonly<
  Record<CheckResult['check'], readonly [unit: Unit, limit: 'at least' | 'at most', setting: string]>
> = {
  missingColumns: ['column', 'at most', 'severity'],
  unexpectedColumns: ['column', 'at most', 'severity'],
  columnOrder: ['column', 'at most', 'severity'],
  malformedRows: ['share', 'at most', 'maxShare'],
  rowCount: ['row', 'at most', 'maximum'],
  types: ['share', 'at most', 'maxShare'],
  nulls: ['share', 'at most', 'maxShare or maxShareNullable'],
  nonFinite: ['share', 'at most', 'maxShare'],
  ranges: ['share', 'at most', 'maxShare'],
  allowedValues: ['share', 'at most', 'maxShare'],
  constantColumns: ['value', 'at least', 'severity'],
  duplicates: ['share', 'at most', 'maxShare'],
  conflictingLabels: ['share', 'at most', 'maxShare'],
  classBalance: ['share', 'at least', 'minShare'],
  populationStability: ['distance', 'at most', 'maximum'],
  kolmogorovSmirnov: ['distance', 'at most', 'maximum'],
};

function text(value: number, unit: Unit): string {
  if (unit === 'share') return percent(value);
  if (unit === 'distance') return value.toFixed(4);
  return `${value.toLocaleString('en-US')} ${unit}${value === 1 ? '' : 's'}`;
}

/** The observed value, in the unit of the check. */
export function observedText({ check, observed, passed }: CheckResult): string {
  const shown = text(observed, UNITS[check][0]);
  // Values are counted to 2.
  return check === 'constantColumns' && passed ? `${shown} or more` : shown;
}

/** The bound, for example "at most 5 %". Of the row count's two bounds, the broken one, else the upper one. */
export function boundText(result: CheckResult): string {
  const { check, bound } = result;
  const [unit, limit] = UNITS[check];
  if (bound === 0 && unit === 'column') return 'none';
  return `${isBelow(result) ? 'at least' : limit} ${text(bound, unit)}`;
}

const isBelow = ({ check, observed, bound, passed }: CheckResult): boolean =>
  check === 'rowCount' && !passed && observed < bound;

/** The key of the setting that holds the bound. */
export function settingOf(result: CheckResult): string {
  const { check } = result;
  return `validation.${check}.${isBelow(result) ? 'minimum' : UNITS[check][2]}`;
}

/** "error" or "warning" where it failed. */
export const outcomeOf = ({ passed, severity }: CheckResult): 'ok' | 'error' | 'warning' => (passed ? 'ok' : severity);
