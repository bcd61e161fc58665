import { grouped } from '#validation';
import type { CleaningCounts } from '../files/cleaning-counts.js';

const REASONS = [
  ['malformed', 'cannot be read'],
  ['unlabelled', 'without a label'],
  ['missing', 'with missing values'],
  ['duplicates', 'repeated'],
  ['outliers', 'outliers of the training part'],
] as const;

type CleanedRows = CleaningCounts & { readonly outliers: number };

/** Numbers of dropped rows with their reasons; reasons without rows are left out. */
export const droppedRows = (rows: CleanedRows): string[] =>
  REASONS.filter(([key]) => rows[key] > 0).map(([key, reason]) => `${grouped(rows[key])} ${reason}`);

/** The rows that cleaning dropped, by reason. */
export function droppedText(rows: CleanedRows): string {
  const named = droppedRows(rows);
  return `Of ${grouped(rows.raw)} rows ${named.length === 0 ? 'none was dropped' : `dropped: ${named.join(', ')}`}; ${grouped(rows.kept)} kept.`;
}
