import { CARD_STYLE, html, Html, type Plot, withPageColors } from '#report';
import type { EvaluationReport } from '../evaluation-report.js';
import { significant } from '../incomparable.js';
import { classSection, thresholdSection } from './class-sections.js';
import { comparisonSection } from './comparison-section.js';
import { METRIC_NAMES } from './metric-names.js';
import { metricsSection } from './metrics-section.js';
import type { GateVerdict, ModelCard } from './model-card.js';
import { errorSection, regressionComparison, regressionMetrics } from './regression-sections.js';
import { numberText } from './number-text.js';
import { sliceSection } from './slice-section.js';
import { factList, featureTable, table } from './tables.js';

function figure({ title, svg }: Plot): Html {
  return html`<figure role="img" aria-label="${title}">${new Html(withPageColors(svg))}</figure>`;
}

const VERDICTS: Readonly<Record<GateVerdict['outcome'], string>> = {
  passed: 'It passed the gate.',
  'not proven': 'It did not pass the gate, as this is not proven:',
  refused: 'The gate refused it:',
};

function verdictSection(verdict: GateVerdict | undefined): Html {
  if (!verdict) return html``;
  const { outcome, reasons } = verdict;
  return html`<section>
    <h2>Gate</h2>
    <p>${VERDICTS[outcome]}</p>
    ${
      reasons.length === 0
        ? ''
        : html`<ul>
            ${reasons.map((reason) => html`<li>${reason}</li>`)}
          </ul>`
    }
  </section>`;
}

const FOLDS = {
  group: 'No two folds share a group.',
  time: 'Each fold is later than the rows that its model was trained on.',
};

function foldSection({ folds: { metric, scores, by } }: ModelCard): Html {
  if (scores.length === 0) return html``;
  const [name, text] = metric === 'rmse' ? ['RMSE', significant] : [METRIC_NAMES.accuracy, numberText];
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const rows = [...scores.map((score, i) => [`Fold ${i + 1}`, text(score)]), ['Mean', text(mean)]];
  return html`<section>
    <h2>Cross-validation</h2>
    ${table(['', name], rows, {
      caption:
        `Each fold of the training part is scored by a model that was trained on the other folds. ${by ? FOLDS[by] : ''}`.trim(),
    })}
  </section>`;
}

/** The limitations of the model and of the numbers, worst first. */
function limitSection({ limits }: ModelCard, { evaluation }: EvaluationReport): Html {
  const all = [
    ...limits,
    'The numbers hold for rows like those of the test part; on other data they may be worse.',
    ...evaluation.notes,
  ];
  return html`<section>
    <h2>Limits</h2>
    <ul>
      ${all.map((limit) => html`<li>${limit}</li>`)}
    </ul>
  </section>`;
}

/** The sections that depend on the task, in reading order. */
const taskSections = (report: EvaluationReport, champion: string | null): Record<'first' | 'beside' | 'last', Html> =>
  report.task === 'regression'
    ? { first: regressionMetrics(report), beside: regressionComparison(report), last: errorSection(report) }
    : {
        first: metricsSection(report.evaluation),
        beside: comparisonSection(report, champion),
        last: html`${classSection(report)} ${thresholdSection(report)}`,
      };

/**
 * The page of a model (Mitchell et al.: Model cards for model reporting, 2019): self-contained, without scripts, light
 * and dark, printable.
 */
export function renderModelCard(card: ModelCard, report: EvaluationReport, plots: readonly Plot[]): string {
  const { first, beside, last } = taskSections(report, card.champion);
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
          ${verdictSection(card.verdict)} ${first}
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
          ${beside}
          <section>
            <h2>Plots</h2>
            <div class="plots">${plots.map(figure)}</div>
          </section>
          ${last} ${sliceSection(report)} ${foldSection(card)}
          <section>
            <h2>Features</h2>
            ${featureTable(card.features, report.importance, report.task)}
          </section>
          ${limitSection(card, report)}
        </main>
      </body>
    </html> `.toString();
}
