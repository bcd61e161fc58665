import { CONFIDENCE, type Difference } from '#statistics';
import { testedText } from '../incomparable.js';
import type { ClassifierReport } from '../evaluation-report.js';
import { html, type Html } from '#report';
import { METRIC_NAMES } from './metric-names.js';
import { intervalText, numberText, signedText } from './number-text.js';

/** The conclusion that a difference's interval allows. */
function verdict({ low, high }: Difference, moreIsBetter: boolean): string {
  if (low > 0) return moreIsBetter ? 'better' : 'worse';
  if (high < 0) return moreIsBetter ? 'worse' : 'better';
  return 'no clear difference';
}

function line(metric: 'accuracy' | 'roc_auc' | 'log_loss', difference: Difference | null): Html {
  const name = html`<th scope="row">${METRIC_NAMES[metric]}</th>`;
  if (difference === null)
    return html`<tr>
      ${name}
      <td class="text muted" colspan="5">not defined on these rows</td>
    </tr>`;
  return html`<tr>
    ${name}
    <td>${numberText(difference.candidate)}</td>
    <td>${numberText(difference.champion)}</td>
    <td>${signedText(difference.difference)}</td>
    <td>${intervalText(difference, signedText)}</td>
    <td class="text">${verdict(difference, metric !== 'log_loss')}</td>
  </tr>`;
}

/** Compares this model with the champion on the same rows. */
export function comparisonSection(report: ClassifierReport, champion: string | null): Html {
  const { comparison } = report;
  if (comparison === null) {
    return html`<section>
      <h2>Against the champion</h2>
      <p>${testedText(report) ?? 'There was no champion to compare with.'}</p>
    </section>`;
  }
  const { accuracy, log_loss, roc_auc, mcnemar } = comparison;
  return html`<section>
    <h2>Against the champion${champion === null ? '' : `, version ${champion}`}</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th></th>
            <th>This model</th>
            <th>Champion</th>
            <th>Difference</th>
            <th>${Math.round(100 * CONFIDENCE)} % interval</th>
            <th class="text">This model is</th>
          </tr>
        </thead>
        <tbody>
          ${[line('accuracy', accuracy), line('roc_auc', roc_auc), line('log_loss', log_loss)]}
        </tbody>
      </table>
    </div>
    <p class="muted">
      ${testedText(report) ?? ''} Both on the same resamples. Only this model is right on
      ${mcnemar.only_candidate_right.toLocaleString('en')} rows, only the champion on
      ${mcnemar.only_champion_right.toLocaleString('en')} (McNemar's exact test: p = ${mcnemar.p_value.toPrecision(2)}).
    </p>
  </section>`;
}
