import { percent } from '../checks/check.js';
import type { CheckResult } from '../validation-report.js';

type Unit = 'share' | 'distance' | 'number';

const UNITS: Readonly<Record<CheckResult['check'], readonly [unit: Unit, limit: 'at least' | 'at most']>> = {
  missingColumns: ['number', 'at most'],
  unexpectedColumns: ['number', 'at most'],
  columnOrder: ['number', 'at most'],
  malformedRows: ['share', 'at most'],
  rowCount: ['number', 'at most'],
  types: ['share', 'at most'],
  nulls: ['share', 'at most'],
  nonFinite: ['share', 'at most'],
  ranges: ['share', 'at most'],
  allowedValues: ['share', 'at most'],
  constantColumns: ['number', 'at least'],
  duplicates: ['share', 'at most'],
  conflictingLabels: ['share', 'at most'],
  classBalance: ['share', 'at least'],
  populationStability: ['distance', 'at most'],
  kolmogorovSmirnov: ['distance', 'at most'],
};

function text(value: number, unit: Unit): string {
  if (unit === 'share') return percent(value);
  return unit === 'distance' ? value.toFixed(4) : value.toLocaleString('en-US');
}

/** What was found, in the unit of the check. */
export const observedText = ({ check, observed }: CheckResult): string => text(observed, UNITS[check][0]);

/** What is allowed: "at most 5 %". The bound of the row count is the one that is broken, or the upper one. */
export function boundText({ check, observed, bound, passed }: CheckResult): string {
  const [unit, limit] = UNITS[check];
  const isBelow = check === 'rowCount' && !passed && observed < bound;
  return `${isBelow ? 'at least' : limit} ${text(bound, unit)}`;
}

/** "error" or "warning" where it failed. */
export const outcomeOf = ({ passed, severity }: CheckResult): 'ok' | 'error' | 'warning' => (passed ? 'ok' : severity);
