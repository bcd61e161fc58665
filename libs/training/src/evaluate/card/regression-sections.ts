import { html, type Html } from '#report';
import type { RegressionReport } from '../evaluation-report.js';
import { significant, testedText } from '../incomparable.js';
import { table } from './tables.js';

const MEANINGS = {
  rmse: ['RMSE', 'Root of the mean squared error, in units of the target'],
  mae: ['MAE', 'Mean of the errors without their signs, in units of the target'],
  r2: ['R2', 'Share of the variance that is explained; 1 is best, 0 is as good as always answering the mean'],
  bias: ['Bias', 'Mean error; above 0 where predictions are too high'],
} as const;

const text = (value: number | null): string => (value === null ? 'not defined' : String(significant(value)));

export function regressionMetrics({ evaluation, trivial }: RegressionReport): Html {
  const rows = (Object.keys(MEANINGS) as (keyof typeof MEANINGS)[]).map((metric) => {
    const interval = evaluation.intervals[metric];
    const [name, meaning] = MEANINGS[metric];
    return [
      name,
      text(evaluation.metrics[metric]),
      interval ? `${text(interval.low)} to ${text(interval.high)}` : '',
      html`<span class="muted">${meaning}</span>`,
    ];
  });
  return html`<section>
    <h2>Metrics</h2>
    ${table(['Metric', 'Value', '95 % interval', ''], rows, { texts: [3] })}
    <p class="muted">
      On ${evaluation.rows.toLocaleString('en')} rows kept out of training. Always answering the mean of the training
      part has RMSE ${significant(trivial.rmse)}.
    </p>
  </section>`;
}

/** The size of errors, and where they occur. */
export function errorSection({ evaluation }: RegressionReport): Html {
  return html`<section>
    <h2>Errors</h2>
    ${table(
      ['Share of rows', 'Error below'],
      evaluation.error_quantiles.map(({ share, error }) => [`${Math.round(share * 100)} %`, significant(error)]),
      { caption: 'Errors are prediction minus target.' },
    )}
    ${table(
      ['Mean prediction', 'Mean target', 'RMSE', 'Rows'],
      evaluation.calibration.map(({ rows, prediction, target, rmse }) => [
        significant(prediction),
        significant(target),
        significant(rmse),
        rows.toLocaleString('en'),
      ]),
      { caption: 'Test rows in ten groups, by rising prediction.' },
    )}
  </section>`;
}

/** Compares a regression with the champion on the same rows. */
export function regressionComparison(report: RegressionReport): Html {
  const { comparison } = report;
  const rows =
    comparison &&
    (['rmse', 'mae'] as const).map((metric) => {
      const { candidate, champion, low, high } = comparison[metric];
      return [MEANINGS[metric][0], significant(candidate), significant(champion), `${text(low)} to ${text(high)}`];
    });
  return html`<section>
    <h2>Against the champion</h2>
    <p>${testedText(report) ?? 'There was no champion to compare with.'}</p>
    ${rows ? table(['Metric', 'This model', 'Champion', '95 % interval of the difference'], rows) : ''}
  </section>`;
}
