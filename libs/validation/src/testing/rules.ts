import type { ValidationRules } from '../validation.rules.js';

const none = { severity: 'error', maxShare: 0 } as const;

/** Every rule on, with no tolerance. */
export const STRICT: ValidationRules = {
  malformedRows: none,
  missingColumns: { severity: 'error' },
  unexpectedColumns: { severity: 'warning' },
  columnOrder: { severity: 'warning' },
  rowCount: { severity: 'error', minimum: 1, maximum: 1_000_000 },
  types: none,
  nulls: { ...none, maxShareNullable: 0.5 },
  nonFinite: none,
  ranges: none,
  allowedValues: { ...none, columns: {} },
  constantColumns: { severity: 'error' },
  duplicates: none,
  conflictingLabels: none,
  classBalance: { severity: 'error', minShare: 0.1 },
  populationStability: { severity: 'error', maximum: 0.1 },
  kolmogorovSmirnov: { severity: 'error', maximum: 0.1 },
};
