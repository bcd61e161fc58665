import { CARD_STYLE, html, Html, withPageColors } from '#report';
import { percent } from '../checks/check.js';
import type { Reference } from '../reference-stats.js';
import { type ColumnValues, MOST_LISTED_CLASSES } from '../table-details.js';
import type { CheckResult, ValidationReport } from '../validation-report.js';
import { MAX_CLASSES } from '../table-stats.js';
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

/** A row for each name, with its count and a bar for its share of all rows. @param widest the bar of all rows, in pixels */
function countTable(
  head: readonly [name: string, count: string],
  lines: readonly (readonly [name: string, count: number])[],
  rows: number,
  widest: number,
  caption?: string,
): Html {
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
          ${head.map((name) => html`<th>${name}</th>`)}
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${lines.map(
          ([name, count]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${count.toLocaleString('en-US')}</td>
              <td class="text"><span class="bar" style="width: ${Math.round((widest * count) / rows)}px"></span></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function valueTable(name: string, { commonest, others, missing }: ColumnValues, rows: number): Html {
  const lines = [
    ...commonest.map(({ value, rows: count }) => [String(value), count] as const),
    ...(others.values > 0 ? [[`${others.values.toLocaleString('en-US')} other values`, others.rows] as const] : []),
    ...(missing > 0 ? [['no value', missing] as const] : []),
  ];
  return countTable(['Value', 'Rows'], lines, rows, 160, name);
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

/** The distribution of a target of numbers, or its classes. */
function targetSection({ statistics: { target, rows }, details }: ValidationReport): Html {
  const { column, classes } = target;
  if (details.target) {
    const { svg } = histogramPlot('histogram-target', column, details.target, undefined);
    return html`<section>
      <h2>Target</h2>
      <div class="plots" style="max-width: 540px">
        <figure role="img" aria-label="Histogram of ${column}">${new Html(withPageColors(svg))}</figure>
      </div>
    </section>`;
  }
  const all = Object.entries(classes);
  const others = all.slice(MOST_LISTED_CLASSES);
  const lines: [name: string, count: number][] = all.slice(0, MOST_LISTED_CLASSES);
  if (others.length > 0) {
    lines.push([
      `${others.length.toLocaleString('en-US')} other classes${all.length < MAX_CLASSES ? '' : ' or more'}`,
      others.reduce((sum, [, n]) => sum + n, 0),
    ]);
  }
  return html`<section>
    <h2>Classes of ${column}</h2>
    ${countTable(['Class', 'Rows'], lines, rows, 320)}
  </section>`;
}

/** The page of a validation: self-contained, without scripts, light and dark, printable. */
export function renderPage(report: ValidationReport, reference: Reference | undefined): string {
  const { data, passed, errors, warnings, checks } = report;
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
          ${valueTables(report)} ${missingSection(report)} ${targetSection(report)}
          <section>
            <h2>All checks</h2>
            <p class="muted">Each check has a setting of its name, such as validation.rowCount.</p>
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
