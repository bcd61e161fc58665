import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawSchema } from '#schema';
import { validateData } from '../validate-data.js';
import type { CheckResult, ValidationReport } from '../validation-report.js';
import type { ValidationRules } from '../validation.rules.js';
import { STRICT } from './rules.js';

/** Two columns and a class. */
export const TINY_SCHEMA: RawSchema = [
  { name: 'x', type: 'float', minimum: 0, maximum: 10, nullable: false },
  { name: 'n', type: 'integer', nullable: true },
];

export const TINY_HEADER = 'x,n,target\n';
/** Four valid rows. */
export const TINY_ROWS = '0,1,a\n2.5,2,b\n5,3,a\n10,,b\n';

/** Validates this CSV text, against the strict rules unless others are given. */
export async function validateText(
  folder: string,
  text: string,
  rules: Partial<ValidationRules> = {},
  reference?: string,
): Promise<ValidationReport> {
  const data = join(folder, 'data.csv');
  await writeFile(data, text);
  return validateData({
    data,
    schema: TINY_SCHEMA,
    target: 'target',
    rules: { ...STRICT, ...rules },
    reference,
    memoryMegabytes: 128,
  });
}

export const failuresOf = ({ checks }: ValidationReport): CheckResult[] => checks.filter(({ passed }) => !passed);

/** The failed checks, as "check" or "check:column". */
export const failedNames = (report: ValidationReport): string[] =>
  failuresOf(report).map(({ check, column }) => (column === null ? check : `${check}:${column}`));
