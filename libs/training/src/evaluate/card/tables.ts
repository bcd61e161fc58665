import { html, type Html } from '#report';
import type { FeatureImportance } from '#statistics';
import type { EvaluationReport } from '../evaluation-report.js';
import { significant } from '../incomparable.js';
import { numberText, signedText } from './number-text.js';

function factText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return value.map(factText).join(', ');
  return Object.entries(value)
    .map(([name, part]) => `${name} ${factText(part)}`)
    .join(', ');
}

/** Names and values, one per line. */
export function factList(facts: Readonly<Record<string, unknown>>): Html {
  return html`<dl>
    ${Object.entries(facts).map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${factText(value)}</dd>`,
    )}
  </dl>`;
}

/** A cell's content. */
type Cell = string | number | Html;

/**
 * A table whose rows are named by their first cell.
 *
 * @param texts indices of the columns that hold words
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { caption, texts = [] }: { readonly caption?: string; readonly texts?: readonly number[] } = {},
): Html {
  const style = (place: number): Html => (texts.includes(place) ? html` class="text"` : html``);
  return html`<div class="scroll">
    <table>
      ${
        caption === undefined
          ? ''
          : html`<caption>
              ${caption}
            </caption>`
      }
      <thead>
        <tr>
          ${head.map((name, place) => html`<th${style(place)}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, ...cells]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell, i) => html`<td${style(i + 1)}>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const SHARED = 'Features that carry the same information replace each other, so that none of them seems to matter.';

/** Features in the model's order, with bars relative to the most important one. */
export function featureTable(
  features: readonly string[],
  importance: readonly FeatureImportance[],
  task: EvaluationReport['task'],
): Html {
  const most = Math.max(...importance.map(({ mean }) => mean), 0) || 1;
  const byName = new Map(importance.map((one) => [one.feature, one]));
  const isRegression = task === 'regression';
  const [change, spread] = isRegression
    ? [(value: number): string => String(significant(value)), (value: number): string => String(significant(value))]
    : [signedText, numberText];
  const rows = features.map((feature) => {
    const found = byName.get(feature);
    const width = Math.round((160 * Math.max(found?.mean ?? 0, 0)) / most);
    return [
      feature,
      found ? change(found.mean) : '',
      found ? `± ${spread(found.standard_deviation)}` : '',
      html`<span class="bar" style="width: ${width}px"></span>`,
    ];
  });
  const caption = isRegression
    ? `How much the RMSE rises when the values of a feature are shuffled. ${SHARED}`
    : `How much the accuracy drops when the values of a feature are shuffled. ${SHARED}`;
  return table(
    ['Feature', isRegression ? 'Rise of RMSE' : 'Drop in accuracy', 'Standard deviation', 'Relative to the largest'],
    rows,
    {
      caption,
      texts: [3],
    },
  );
}
