import type { ClassReport, FeatureImportance } from '#statistics';
import { html, type Html } from '#report';
import { numberText, signedText } from './number-text.js';

function factText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return value.map(factText).join(', ');
  return Object.entries(value)
    .map(([name, part]) => `${name} ${factText(part)}`)
    .join(', ');
}

/** Names and values, one a line. */
export function factList(facts: Readonly<Record<string, unknown>>): Html {
  return html`<dl>
    ${Object.entries(facts).map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${factText(value)}</dd>`,
    )}
  </dl>`;
}

export function classTable(perClass: readonly ClassReport[]): Html {
  const lines = perClass.map(
    (one) =>
      html`<tr>
        <th scope="row">${one.class}</th>
        <td>${numberText(one.precision)}</td>
        <td>${numberText(one.recall)}</td>
        <td>${numberText(one.f1)}</td>
        <td>${one.support.toLocaleString('en')}</td>
        <td>${one.predicted.toLocaleString('en')}</td>
      </tr>`,
  );
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Class</th>
          <th>Precision</th>
          <th>Recall</th>
          <th>F1</th>
          <th>Rows</th>
          <th>Predicted</th>
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div>`;
}

/** Features in the model's order; a bar is as long as the feature matters beside the one that matters most. */
export function featureTable(features: readonly string[], importance: readonly FeatureImportance[]): Html {
  const most = Math.max(...importance.map(({ mean }) => mean), 0) || 1;
  const byName = new Map(importance.map((one) => [one.feature, one]));
  const lines = features.map((feature) => {
    const found = byName.get(feature);
    const bar = html`<span
      class="bar"
      style="width: ${Math.round((160 * Math.max(found?.mean ?? 0, 0)) / most)}px"
    ></span>`;
    return html`<tr>
      <th scope="row">${feature}</th>
      <td>${found ? signedText(found.mean) : ''}</td>
      <td>${found ? `± ${numberText(found.standard_deviation)}` : ''}</td>
      <td class="text">${bar}</td>
    </tr>`;
  });
  return html`<div class="scroll">
    <table>
      <caption>
        By how much the accuracy drops when a feature is shuffled; of features that tell the same, none seems to matter.
      </caption>
      <thead>
        <tr>
          <th>Feature</th>
          <th>Drop</th>
          <th>Std.</th>
          <th class="text">Beside the largest</th>
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div>`;
}
