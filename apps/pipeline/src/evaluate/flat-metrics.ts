import type { EvaluationReport } from './evaluation-report.js';

/**
 * The numbers of an evaluation by name, as DVC shows and MLflow logs them: each metric, `_low` and `_high` ends of
 * its interval, and beside a champion `champion_` metrics and `_difference` of each. What is not defined is absent.
 */
export function flatMetrics({ evaluation, comparison }: EvaluationReport): Record<string, number> {
  const named = Object.entries<number | null | undefined>({ ...evaluation.metrics });
  for (const [metric, interval] of Object.entries(evaluation.intervals)) {
    named.push([`${metric}_low`, interval?.low], [`${metric}_high`, interval?.high]);
  }
  for (const metric of ['accuracy', 'log_loss', 'roc_auc'] as const) {
    const found = comparison?.[metric];
    named.push(
      [`champion_${metric}`, found?.champion],
      [`${metric}_difference`, found?.difference],
      [`${metric}_difference_low`, found?.low],
      [`${metric}_difference_high`, found?.high],
    );
  }
  return Object.fromEntries(named.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
