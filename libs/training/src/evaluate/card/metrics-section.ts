import { type ClassifierEvaluation, HEADLINES } from '#statistics';
import { html, type Html } from '#report';
import { METRIC_NAMES } from './metric-names.js';
import { intervalText, numberText } from './number-text.js';

const REST = [
  ['precision', 'Share of the rows predicted as the class that belong to it'],
  ['recall', 'Share of the rows of the class that are predicted as it'],
  ['precision_weighted', 'Weighted by how often classes occur'],
  ['recall_weighted', 'Weighted by how often classes occur'],
  ['f1_weighted', 'Weighted by how often classes occur'],
  ['pr_auc', 'Average precision over all thresholds'],
  ['brier', 'Mean squared error of the probabilities; 0 is best'],
  ['calibration_error', 'Mean distance of probabilities from observed shares; 0 is best'],
] as const;

/** The headline metrics with their intervals, then the others with explanations. */
export function metricsSection({ metrics, intervals, bootstrap, classes, rows }: ClassifierEvaluation): Html {
  const percent = Math.round(100 * bootstrap.confidence);
  const tiles = HEADLINES.map((name) => {
    const { [name]: interval } = intervals;
    const range = interval && html`<span class="muted">${percent} %: ${intervalText(interval)}</span>`;
    return html`<div class="tile">${METRIC_NAMES[name]}<b>${numberText(metrics[name])}</b>${range ?? ''}</div>`;
  });
  const others = REST.flatMap(([name, meaning]) => {
    const { [name]: value } = metrics;
    if (value === undefined) return [];
    return html`<tr>
      <th scope="row">${METRIC_NAMES[name]}</th>
      <td>${numberText(value)}</td>
      <td class="text muted">${meaning}</td>
    </tr>`;
  });
  const whose =
    classes.length === 2
      ? `Precision, recall and F1 are those of class ${classes[1]}.`
      : 'Precision, recall, F1 and areas are plain means over the classes.';
  return html`<section>
    <h2>Metrics</h2>
    <div class="tiles">${tiles}</div>
    <div class="scroll">
      <table>
        <tbody>
          ${others}
        </tbody>
      </table>
    </div>
    <p class="muted">
      On ${rows.toLocaleString('en')} rows kept out of training. ${whose} Intervals:
      ${bootstrap.resamples.toLocaleString('en')} bootstrap resamples, seed ${bootstrap.seed}.
    </p>
  </section>`;
}
