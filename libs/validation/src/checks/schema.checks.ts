import type { CheckResult } from '../validation-report.js';
import { type CheckContext, grouped, judged, someRows } from './check.js';

const MAX_NAMES = 20;

const called = (name: string): string =>
  name.trim() === '' ? 'a column without a name (does the header end with a delimiter?)' : name;

const listed = (names: readonly string[]): string =>
  names.slice(0, MAX_NAMES).map(called).join(', ') +
  (names.length > MAX_NAMES ? ` and ${grouped(names.length - MAX_NAMES)} more` : '');

/** Compares the header with the recipe: missing, unexpected and misplaced columns. */
export function schemaChecks({ table, schema, unused, rules }: CheckContext): CheckResult[] {
  const { header, malformed, rows, target } = table;
  const expected = [...schema.map(({ name }) => name), target];
  const missing = expected.filter((name) => !header.includes(name));
  const known = new Set(expected);
  const unexpected = header.filter((name) => !known.has(name) && !unused.includes(name));
  const present = header.filter((name) => known.has(name));
  const wanted = expected.filter((name) => header.includes(name));
  const moved = present.filter((name, i) => name !== wanted[i]);
  const malformedShare = malformed.count / (rows + malformed.count);
  return [
    ...judged(rules.missingColumns, {
      check: 'missingColumns',
      passed: missing.length === 0,
      observed: missing.length,
      bound: 0,
      count: missing.length,
      message: missing.length === 0 ? 'every expected column is there' : `missing: ${listed(missing)}`,
    }),
    ...judged(rules.unexpectedColumns, {
      check: 'unexpectedColumns',
      passed: unexpected.length === 0,
      observed: unexpected.length,
      bound: 0,
      count: unexpected.length,
      message: unexpected.length === 0 ? 'no other column is there' : `not in the recipe: ${listed(unexpected)}`,
    }),
    ...judged(rules.columnOrder, {
      check: 'columnOrder',
      passed: moved.length === 0,
      observed: moved.length,
      bound: 0,
      count: moved.length,
      message:
        moved.length === 0 ? 'the columns stand in order' : `in another order than the recipe's: ${listed(moved)}`,
    }),
    ...judged(rules.malformedRows, {
      check: 'malformedRows',
      passed: malformedShare <= rules.malformedRows.maxShare,
      observed: malformedShare,
      bound: rules.malformedRows.maxShare,
      count: malformed.count,
      message: `not a valid row: ${someRows(malformed.count, malformedShare, 'line')}`,
      samples: malformed.samples,
    }),
  ];
}
