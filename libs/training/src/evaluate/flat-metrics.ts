import type { ClassifierReport, EvaluationReport, RegressionReport } from './evaluation-report.js';

/**
 * The numbers of an evaluation by name, as DVC shows and MLflow logs them: each metric; `_low` and `_high` bounds of
 * its interval; with a champion, the `champion_` metrics and the `_difference` of each; and the log loss of the trivial
 * model as `trivial_log_loss`. Undefined numbers are left out.
 */
export function flatMetrics(report: EvaluationReport): Record<string, number> {
  const named = report.task === 'regression' ? regressionMetrics(report) : classifierMetrics(report);
  return Object.fromEntries(named.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

type Named = [string, number | null | undefined][];

function regressionMetrics({ evaluation, trivial, comparison }: RegressionReport): Named {
  const named: Named = Object.entries<number | null>({ ...evaluation.metrics });
  for (const [metric, interval] of Object.entries(evaluation.intervals))
    named.push([`${metric}_low`, interval?.low], [`${metric}_high`, interval?.high]);
  for (const metric of ['squared_error', 'rmse', 'mae'] as const) {
    const found = comparison?.[metric];
    named.push(
      [`champion_${metric}`, found?.champion],
      [`${metric}_difference`, found?.difference],
      [`${metric}_difference_low`, found?.low],
      [`${metric}_difference_high`, found?.high],
    );
  }
  named.push(
    ['trivial_rmse', trivial.rmse],
    ['trivial_squared_error_difference', trivial.difference],
    ['trivial_squared_error_difference_low', trivial.low],
    ['trivial_squared_error_difference_high', trivial.high],
  );
  return named;
}

function classifierMetrics({ evaluation, trivial, comparison }: ClassifierReport): Named {
  const named: Named = Object.entries<number | null | undefined>({ ...evaluation.metrics });
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
  named.push(
    ['trivial_log_loss', trivial.log_loss],
    ['trivial_log_loss_difference', trivial.difference],
    ['trivial_log_loss_difference_low', trivial.low],
    ['trivial_log_loss_difference_high', trivial.high],
  );
  return named;
}
