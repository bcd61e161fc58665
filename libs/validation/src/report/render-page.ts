import { CARD_STYLE, html, Html, withPageColors } from '#report';
import { percent } from '../checks/check.js';
import type { Reference } from '../reference-stats.js';
import type { ColumnValues } from '../table-details.js';
import type { CheckResult, ValidationReport } from '../validation-report.js';
import { boundText, observedText, outcomeOf } from './check-text.js';
import { failureList } from './failure-list.js';
import { histogramPlot } from './histogram-plot.js';
import { REPORT_STYLE } from './page-style.js';

function checkLine(result: CheckResult): Html {
  const outcome = outcomeOf(result);
  return html`<tr>
    <th scope="row">${result.check}</th>
    <td class="text">${result.column ?? ''}</td>
    <td class="text"><span class="badge ${outcome === 'ok' ? 'good' : outcome}">${outcome}</span></td>
    <td>${observedText(result)}</td>
    <td>${boundText(result)}</td>
  </tr>`;
}

/** A bar for the share of each value. */
function valueTable(name: string, { commonest, others, missing }: ColumnValues, rows: number): Html {
  const lines = [
    ...commonest.map(({ value, rows: count }) => [String(value), count] as const),
    ...(others.values > 0 ? [[`${others.values.toLocaleString('en-US')} other values`, others.rows] as const] : []),
    ...(missing > 0 ? [['no value', missing] as const] : []),
  ];
  return html`<div class="scroll">
    <table>
      <caption>
        ${name}
      </caption>
      <tbody>
        ${lines.map(
          ([label, count]) =>
            html`<tr>
              <th scope="row">${label}</th>
              <td>${count.toLocaleString('en-US')}</td>
              <td class="text"><span class="bar" style="width: ${Math.round((160 * count) / rows)}px"></span></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Columns with categorical values; empty where there are none. */
function valueTables({ details: { values }, statistics: { rows } }: ValidationReport): Html {
  if (values.size === 0) return html``;
  return html`<section>
    <h2>Categories and texts</h2>
    <div class="plots">${Array.from(values, ([name, one]) => valueTable(name, one, rows))}</div>
  </section>`;
}

/** Which columns are missing together; empty where none is. */
function missingSection({ details: { missing }, statistics: { rows } }: ValidationReport): Html {
  if (missing.length === 0) return html``;
  return html`<section>
    <h2>Missing values</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Columns that lack a value in the same rows</th>
            <th>Rows</th>
            <th>Share</th>
          </tr>
        </thead>
        <tbody>
          ${missing.map(
            ({ columns, rows: count }) =>
              html`<tr>
                <th scope="row">${columns.join(', ')}</th>
                <td>${count.toLocaleString('en-US')}</td>
                <td>${percent(count / rows)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function histograms(
  { statistics, reference: path, details }: ValidationReport,
  reference: Reference | undefined,
): Html {
  const types = new Map(details.columns.map(({ name, type }) => [name, type]));
  const numeric = Object.entries(statistics.columns).filter(([column]) => !details.values.has(column));
  const figures = numeric.map(([column, stats], i) => {
    const isTime = types.get(column) === 'date' || types.get(column) === 'datetime';
    const { svg } = histogramPlot(`histogram-${i}`, column, stats, reference?.columns[column], isTime);
    return html`<figure role="img" aria-label="Histogram of ${column}">${new Html(withPageColors(svg))}</figure>`;
  });
  const key = html`<p class="muted">
    <span class="key data"></span>this data &nbsp; <span class="key reference"></span>the reference, ${path ?? ''}
  </p>`;
  return html`${reference ? key : ''}
    <div class="plots">${figures}</div>`;
}

function classTable({ target, rows }: ValidationReport['statistics']): Html {
  const lines = Object.entries(target.classes)
    .slice(0, 20)
    .map(
      ([name, count]) =>
        html`<tr>
          <th scope="row">${name}</th>
          <td>${count.toLocaleString('en-US')}</td>
          <td class="text"><span class="bar" style="width: ${Math.round((320 * count) / rows)}px"></span></td>
        </tr>`,
    );
  return html`<table>
    <tbody>
      ${lines}
    </tbody>
  </table>`;
}

/** The page of a validation: self-contained, without scripts, light and dark, printable. */
export function renderPage(report: ValidationReport, reference: Reference | undefined): string {
  const { data, passed, errors, warnings, checks, statistics } = report;
  const tiles = [
    ['Rows', data.rows],
    ['Columns', data.columns],
    ['Checks', checks.length],
    ['Errors', errors],
    ['Warnings', warnings],
  ] as const;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${data.path}: validation</title>
        <style>
          ${CARD_STYLE}
          ${REPORT_STYLE}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>Validation <small>${data.path}</small></h1>
            <p class="verdict ${passed ? 'good' : 'error'}">
              ${passed ? 'Passed' : 'Not passed'}${warnings > 0 && passed ? ', with warnings' : ''}
            </p>
          </header>
          <section>
            <div class="tiles" style="margin: 0; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr))">
              ${tiles.map(([name, n]) => html`<div class="tile">${name}<b>${n.toLocaleString('en-US')}</b></div>`)}
            </div>
          </section>
          <section>
            <h2>What failed</h2>
            ${failureList(checks)}
          </section>
          <section>
            <h2>Columns</h2>
            ${histograms(report, reference)}
          </section>
          ${valueTables(report)} ${missingSection(report)}
          <section>
            <h2>Classes of ${statistics.target.column}</h2>
            ${classTable(statistics)}
          </section>
          <section>
            <h2>All checks</h2>
            <div class="scroll">
              <table>
                <thead>
                  <tr>
                    <th>Check</th>
                    <th class="text">Column</th>
                    <th class="text">Outcome</th>
                    <th>Observed</th>
                    <th>Allowed</th>
                  </tr>
                </thead>
                <tbody>
                  ${checks.map(checkLine)}
                </tbody>
              </table>
            </div>
          </section>
        </main>
      </body>
    </html> `.toString();
}
