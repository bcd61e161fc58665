import type { ClassifierReport } from '../evaluation-report.js';
import { CARD_STYLE, html, Html, type Plot, withPageColors } from '#report';
import { comparisonSection } from './comparison-section.js';
import { metricsSection } from './metrics-section.js';
import { classTable, factList, featureTable } from './tables.js';

/** What the card tells beside the evaluation. */
export interface ModelCard {
  readonly name: string;
  /** What this model is called among its like: a version, or "candidate". */
  readonly version: string;
  /** One sentence: what the model is for. */
  readonly purpose: string;
  /** Algorithm, hyperparameters, seed, commit, time, run: shown in this order. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Source, digest, rows of the parts, target: shown in this order. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The model's inputs, in order. */
  readonly features: readonly string[];
  /** Version that the comparison is with. */
  readonly champion: string | null;
  /** What the model is not good for, one sentence each; notes of the evaluation follow. */
  readonly limits: readonly string[];
}

function figure({ title, svg }: Plot): Html {
  return html`<figure role="img" aria-label="${title}">${new Html(withPageColors(svg))}</figure>`;
}

/**
 * One page on a model (Mitchell et al.: Model cards for model reporting, 2019): self-contained, without scripts, light
 * and dark, fit for print.
 */
export function renderModelCard(card: ModelCard, report: ClassifierReport, plots: readonly Plot[]): string {
  const { evaluation, importance } = report;
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
          ${metricsSection(evaluation)}
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
          ${comparisonSection(report, card.champion)}
          <section>
            <h2>Plots</h2>
            <div class="plots">${plots.map(figure)}</div>
          </section>
          <section>
            <h2>Classes</h2>
            ${classTable(evaluation.per_class)}
          </section>
          <section>
            <h2>Features</h2>
            ${featureTable(card.features, importance)}
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
