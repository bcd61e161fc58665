import type { RawSchema } from '#schema';
import type { ValidationRules } from './validation.rules.js';
import { cellChecks } from './checks/cell.checks.js';
import type { Check } from './checks/check.js';
import { driftChecks } from './checks/drift.checks.js';
import { rowChecks } from './checks/row.checks.js';
import { schemaChecks } from './checks/schema.checks.js';
import { tableChecks } from './checks/table.checks.js';
import { readReference } from './drift/read-reference.js';
import { Database, loadTable, openDataSource } from '#tables';
import { tableDetails } from './table-details.js';
import { tableStats } from './table-stats.js';
import type { CheckResult, ValidationReport } from './validation-report.js';

export interface ValidationOptions {
  /** CSV with a header, or Parquet. */
  readonly data: string;
  /** The raw columns of the recipe. */
  readonly schema: RawSchema;
  /** Columns that the recipe marks as unused; none if not given. */
  readonly unused?: readonly string[];
  /** The column to predict. */
  readonly target: string;
  /** Texts that mean a missing value; those of pandas if not given. */
  readonly missing?: readonly string[];
  readonly rules: ValidationRules;
  /** A reference_stats.json or baseline.json to compare with. */
  readonly reference?: string;
  readonly memoryMegabytes: number;
}

const CHECKS: readonly Check[] = [schemaChecks, tableChecks, cellChecks, rowChecks, driftChecks];

const failures = (checks: readonly CheckResult[], severity: CheckResult['severity']): number =>
  checks.filter((check) => !check.passed && check.severity === severity).length;

/**
 * Validates raw data against the recipe and the rules. All checks run, whatever the others find.
 *
 * @throws InputError when the file cannot be read at all
 * @throws the signal's reason when it aborts
 */
export async function validateData(
  { data, schema, unused = [], target, missing, rules, reference: referencePath, memoryMegabytes }: ValidationOptions,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<ValidationReport> {
  const source = await openDataSource(data);
  const reference = referencePath === undefined ? undefined : await readReference(referencePath, schema);
  return Database.use(memoryMegabytes, signal, async (database) => {
    const table = await loadTable(database, source, {
      schema,
      target,
      missing,
      wholeRows: rules.duplicates.severity !== 'off',
    });
    const statistics = await tableStats(database, table);
    const checks: CheckResult[] = [];
    for (const check of CHECKS) {
      checks.push(...(await check({ database, table, schema, unused, rules, statistics, reference })));
    }
    const errors = failures(checks, 'error');
    return {
      format_version: 1,
      data: { path: data, format: source.format, bytes: source.bytes, rows: table.rows, columns: table.header.length },
      reference: referencePath ?? null,
      passed: errors === 0,
      errors,
      warnings: failures(checks, 'warning'),
      checks,
      statistics,
      details: await tableDetails(database, table),
    };
  });
}
