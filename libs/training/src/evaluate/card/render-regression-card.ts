import type { RegressionReport } from '../evaluation-report.js';
import { CARD_STYLE, html, type Html } from '#report';
import { significant, testedText } from '../incomparable.js';
import type { ModelCard } from './render-model-card.js';
import { factList } from './tables.js';

const MEANINGS = {
  rmse: ['RMSE', 'Root of the mean squared error, in units of the target'],
  mae: ['MAE', 'Mean of the errors without their signs, in units of the target'],
  r2: ['R2', 'Share of the variance that is explained; 1 is best, 0 is the mean as the answer'],
  bias: ['Bias', 'Mean error; above 0 where predictions are too high'],
} as const;

const text = (value: number | null): string => (value === null ? 'not defined' : String(significant(value)));

function metricRows({ evaluation }: RegressionReport): Html[] {
  return (Object.keys(MEANINGS) as (keyof typeof MEANINGS)[]).map((metric) => {
    const interval = evaluation.intervals[metric];
    const [name, meaning] = MEANINGS[metric];
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${text(evaluation.metrics[metric])}</td>
      <td>${interval ? `${text(interval.low)} to ${text(interval.high)}` : ''}</td>
      <td class="text muted">${meaning}</td>
    </tr>`;
  });
}

const table = (head: readonly string[], rows: readonly Html[]): Html =>
  html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((name) => html`<th>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

/** One page on a regression: self-contained, without scripts. */
export function renderRegressionCard(card: ModelCard, report: RegressionReport): string {
  const { evaluation, trivial, comparison } = report;
  const limits = [
    ...card.limits,
    'The numbers hold for rows like those of the test part; on other data they may be worse.',
    ...evaluation.notes,
  ];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${card.name} ${card.version}: model card</title>
        <style>
          ${CARD_STYLE}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${card.name} <small>${card.version}</small></h1>
            <p>${card.purpose}</p>
          </header>
          <section>
            <h2>Metrics</h2>
            ${table(['Metric', 'Value', '95 % interval', ''], metricRows(report))}
            <p class="muted">
              On ${evaluation.rows.toLocaleString('en')} rows kept out of training. The mean of the training part as the
              answer for every row has RMSE ${significant(trivial.rmse)}.
            </p>
          </section>
          <section>
            <h2>Errors</h2>
            ${table(
              ['Share of rows', 'Error below'],
              evaluation.error_quantiles.map(
                ({ share, error }) =>
                  html`<tr>
                    <td>${Math.round(share * 100)} %</td>
                    <td>${significant(error)}</td>
                  </tr>`,
              ),
            )}
            ${table(
              ['Rows', 'Mean prediction', 'Mean of what was true'],
              evaluation.calibration.map(
                ({ rows, prediction, target }) =>
                  html`<tr>
                    <td>${rows}</td>
                    <td>${significant(prediction)}</td>
                    <td>${significant(target)}</td>
                  </tr>`,
              ),
            )}
          </section>
          <div class="columns">
            <section>
              <h2>Model</h2>
              ${factList(card.identity)}
            </section>
            <section>
              <h2>Data</h2>
              ${factList(card.data)}
            </section>
          </div>
          <section>
            <h2>Against the champion</h2>
            <p>${testedText(report) ?? 'There was no champion to compare with.'}</p>
            ${
              comparison === null
                ? ''
                : table(
                    ['Metric', 'This model', 'Champion', '95 % interval of the difference'],
                    (['rmse', 'mae'] as const).map(
                      (metric) =>
                        html`<tr>
                          <th scope="row">${MEANINGS[metric][0]}</th>
                          <td>${significant(comparison[metric].candidate)}</td>
                          <td>${significant(comparison[metric].champion)}</td>
                          <td>${significant(comparison[metric].low)} to ${significant(comparison[metric].high)}</td>
                        </tr>`,
                    ),
                  )
            }
          </section>
          <section>
            <h2>Features</h2>
            <p>${card.features.join(', ')}</p>
          </section>
          <section>
            <h2>Limits</h2>
            <ul>
              ${limits.map((limit) => html`<li>${limit}</li>`)}
            </ul>
          </section>
        </main>
      </body>
    </html> `.toString();
}
