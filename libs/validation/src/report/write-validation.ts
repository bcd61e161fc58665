import { join } from 'node:path';
import { writeFile, writeJson } from '#kit';
import { readReference } from '../drift/read-reference.js';
import type { ValidationReport } from '../validation-report.js';

/** The paths of a validation's files. */
export const validationFiles = (directory: string): Readonly<Record<'statistics' | 'verdict' | 'page', string>> => ({
  statistics: join(directory, 'reference_stats.json'),
  verdict: join(directory, 'validation.json'),
  page: join(directory, 'validation.html'),
});

/** The contents of `validation.json`. */
export type ValidationVerdict = Omit<ValidationReport, 'statistics' | 'details'>;

/** Writes `reference_stats.json`, `validation.json` and `validation.html`, each atomically. */
export async function writeValidation(report: ValidationReport, directory: string): Promise<ValidationVerdict> {
  const files = validationFiles(directory);
  const { statistics, details, ...verdict } = report;
  const reference = report.reference === null ? undefined : await readReference(report.reference, []);
  await writeJson(files.statistics, statistics);
  await writeJson(files.verdict, verdict);
  // Lazy, because the plotting library takes long to load.
  const { renderPage } = await import('./render-page.js');
  await writeFile(files.page, renderPage({ ...verdict, statistics, details }, reference));
  return verdict;
}
