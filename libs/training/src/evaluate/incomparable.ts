import type { EvaluationReport } from './evaluation-report.js';

/** Why a champion is not scored on the candidate's rows. */
export const incomparable = (champion: string): string =>
  `champion ${champion} takes other columns or knows other classes`;

/** On which rows the candidate and the champion were compared, or why they were not; nothing where there is no champion. */
export function testedText({
  subject: { champion },
  evaluation,
  comparison,
  tested,
}: EvaluationReport): string | undefined {
  if (champion === null) return undefined;
  if (tested === null) return `There is no comparison: ${incomparable(champion)}.`;
  if (comparison === null)
    return `There is no comparison: champion ${champion} was trained on all ${evaluation.rows} test rows.`;
  const scores = `accuracy ${rounded(comparison.accuracy.candidate)} beside ${rounded(comparison.accuracy.champion)}, log loss ${rounded(comparison.log_loss.candidate)} beside ${rounded(comparison.log_loss.champion)}`;
  const rows = `Compared with champion ${champion} on ${comparison.rows} test rows`;
  if (tested.seen === null)
    return `${rows}; it cannot be known which of them it was trained on, as ${tested.unknown}: ${scores}.`;
  const left = tested.seen === 0 ? '' : `, ${tested.seen} others left out`;
  return `${rows} that neither was trained on${left}: ${scores}.`;
}

export const rounded = (share: number): number => Number(share.toFixed(4));
