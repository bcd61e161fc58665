import { html, type Html } from '#report';
import type { SampleRow } from '#tables';
import type { CheckResult } from '../validation-report.js';
import { boundText, settingOf } from './check-text.js';

function sampleTable(samples: readonly SampleRow[], count: number): Html {
  const names = Object.keys(samples[0].values);
  return html`<details>
    <summary>${samples.length} of ${count.toLocaleString('en-US')}</summary>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Row</th>
            ${names.map((name) => html`<th>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${samples.map(
            ({ row, values }) =>
              html`<tr>
                <th scope="row">${row}</th>
                ${names.map((name) => html`<td>${values[name] ?? html`<span class="muted">missing</span>`}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

function failure(result: CheckResult): Html {
  const { check, column, severity, message, count, samples } = result;
  return html`<div class="failure">
    <h3><span class="badge ${severity}">${severity}</span> ${check}${column === null ? '' : `: ${column}`}</h3>
    <p>${message}; <span class="muted">allowed: ${boundText(result)} (${settingOf(result)})</span></p>
    ${samples.length > 0 ? sampleTable(samples, count) : ''}
  </div>`;
}

/** The failed checks, errors first, with example rows. */
export function failureList(checks: readonly CheckResult[]): Html {
  const failed = checks.filter(({ passed }) => !passed);
  const ordered = [
    ...failed.filter(({ severity }) => severity === 'error'),
    ...failed.filter(({ severity }) => severity === 'warning'),
  ];
  return ordered.length === 0 ? html`<p>Every check passed.</p>` : html`${ordered.map(failure)}`;
}
