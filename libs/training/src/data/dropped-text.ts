import { grouped } from '#validation';
import type { CleaningCounts } from '../files/cleaning-counts.js';

const REASONS = [
  ['malformed', 'cannot be read'],
  ['unlabelled', 'without a label'],
  ['missing', 'with missing values'],
  ['duplicates', 'repeated'],
  ['outliers', 'outliers of the training part'],
] as const;

/** The rows that cleaning dropped, by reason; reasons without rows are left out. */
export function droppedText(rows: CleaningCounts & { readonly outliers: number }): string {
  const named = REASONS.filter(([key]) => rows[key] > 0).map(([key, reason]) => `${grouped(rows[key])} ${reason}`);
  return `Of ${grouped(rows.raw)} rows ${named.length === 0 ? 'none was dropped' : `dropped: ${named.join(', ')}`}; ${grouped(rows.kept)} kept.`;
}
