import { join } from 'node:path';
import { writeFile, writeJson } from '#kit';
import { readReference } from '../drift/read-reference.js';
import type { ValidationReport } from '../validation-report.js';

/** Where a validation is written. */
export const validationFiles = (directory: string): Readonly<Record<'statistics' | 'verdict' | 'page', string>> => ({
  statistics: join(directory, 'reference_stats.json'),
  verdict: join(directory, 'validation.json'),
  page: join(directory, 'validation.html'),
});

/** What `validation.json` holds. */
export type Verdict = Omit<ValidationReport, 'statistics' | 'details'>;

/** Writes `reference_stats.json`, `validation.json` and `validation.html`, each whole or not at all. */
export async function writeValidation(report: ValidationReport, directory: string): Promise<Verdict> {
  const files = validationFiles(directory);
  const { statistics, details, ...verdict } = report;
  const reference = report.reference === null ? undefined : await readReference(report.reference, []);
  await writeJson(files.statistics, statistics);
  await writeJson(files.verdict, verdict);
  // Only now: what draws takes long to load.
  const { renderPage } = await import('./render-page.js');
  await writeFile(files.page, renderPage({ ...verdict, statistics, details }, reference));
  return verdict;
}
