import type { EvaluationReport } from './evaluation-report.js';

/** Why a champion cannot be scored on the candidate's rows. */
export const incomparable = (champion: string): string =>
  `champion ${champion} takes other columns or knows other classes`;

/** On which rows candidate and champion were compared, or why they were not; undefined without a champion. */
export function testedText(report: EvaluationReport): string | undefined {
  const {
    subject: { champion },
    evaluation,
    comparison,
    tested,
  } = report;
  if (champion === null) return undefined;
  if (tested === null) return `There is no comparison: ${incomparable(champion)}.`;
  if (comparison === null)
    return `There is no comparison: champion ${champion} was trained on all ${evaluation.rows} test rows.`;
  const scores = scoresText(report);
  const rows = `Compared with champion ${champion} on ${comparison.rows} test rows`;
  if (tested.seen === null)
    return `${rows}; it cannot be known which of them it was trained on, as ${tested.unknown}: ${scores}.`;
  const left = tested.seen === 0 ? '' : `, ${tested.seen} others left out`;
  return `${rows} that neither was trained on${left}: ${scores}.`;
}

function scoresText({ task, comparison }: EvaluationReport): string {
  if (task === 'regression') {
    const { rmse, mae } = comparison!;
    return `RMSE ${significant(rmse.candidate)} beside ${significant(rmse.champion)}, MAE ${significant(mae.candidate)} beside ${significant(mae.champion)}`;
  }
  const { accuracy, log_loss: loss } = comparison!;
  return `accuracy ${rounded(accuracy.candidate)} beside ${rounded(accuracy.champion)}, log loss ${rounded(loss.candidate)} beside ${rounded(loss.champion)}`;
}

/** A number in units of the target. */
export const significant = (value: number): number => Number(value.toPrecision(5));

export const rounded = (share: number): number => Number(share.toFixed(4));
