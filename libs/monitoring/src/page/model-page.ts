import { html, type Html } from '#report';
import type { LiveMetric } from '../quality/outcomes.js';
import type { QualityReport } from '../report/quality-report.js';
import type { SliceView } from '../report/slice-quality.js';
import type { ColumnView, VersionView } from '../report/version-view.js';
import type { RenewalReport } from '../report/renewal-report.js';
import { calibrationPlot } from './charts/calibration.js';
import { smallHistogram } from './charts/histogram.js';
import { sparkline } from './charts/sparkline.js';
import { timeline } from './charts/timeline.js';
import { layout, type Links, scrolling, scrollingFromNewest, statusText, windowLinks } from './layout.js';
import { renewalSection } from './renewal-section.js';
import { dateText, METRIC_TITLES, metricText, percent, plural, points, timeText } from './texts.js';
import { tiles, verdict } from './verdict.js';

/** Order of the columns by status: moved first, those that could not be judged last. */
const RANKS = { moved: 0, as_usual: 1, too_few_rows: 2, no_baseline: 3 } as const;

const byEvidence = (columns: readonly ColumnView[]): number[] =>
  columns
    .map((_, i) => i)
    .sort(
      (a, b) =>
        RANKS[columns[a].status] - RANKS[columns[b].status] ||
        (columns[a].finding?.logP ?? 0) - (columns[b].finding?.logP ?? 0),
    );

export const spanText = ({ from, to }: VersionView['report']['window']): string => {
  const last = Date.parse(to) - 1;
  return from.slice(11, 16) === '00:00' && to.slice(11, 16) === '00:00'
    ? dateText(from) === dateText(last)
      ? dateText(from)
      : `${dateText(from)} to ${dateText(last)}`
    : `${timeText(from)} to ${timeText(to)}`;
};

export function pageHead(view: VersionView, links: Links, trail: Html, title: Html, shown: Html): Html {
  const { window } = view.report;
  const rows = plural(window.rows, 'row');
  return html`<header>
    ${links.models === undefined ? '' : html`<nav class="trail" aria-label="Path">${trail}</nav>`}
    <h1>${title}</h1>
    <div class="bar-row">
      ${shown}
      <span class="muted">${spanText(window)}${window.closed ? '' : ', so far'} · ${rows}</span>
    </div>
  </header>`;
}

function columnRow(view: VersionView, i: number, links: Links): Html {
  const column = view.columns[i];
  const { name, status, words, moved, missing, unseen, smallest_visible, cells } = column;
  const { model, window } = view.report;
  const link = links.column ? html`<a href="${links.column(model, name, window.scale)}">${name}</a>` : html`${name}`;
  const days = view.days.map(({ rows, columns }) => (rows === 0 ? null : (columns[i]?.moved ?? null)));
  return html`<tr>
    <th scope="row" class="cell-name">${link}</th>
    <td class="text">
      ${statusText(status)}${status === 'moved' ? html`<span class="words">${words ?? ''}</span>` : ''}
    </td>
    <td class="text">${smallHistogram(cells)}</td>
    <td class="text">${sparkline(days)}</td>
    <td>${percent(moved)}</td>
    <td>${percent(missing)}</td>
    <td>${percent(unseen)}</td>
    <td>${smallest_visible === null ? 'nothing' : points(smallest_visible)}</td>
  </tr>`;
}

const swatch = (name: string): Html =>
  html`<svg viewBox="0 0 18 12" aria-hidden="true"><rect class="${name}" width="18" height="12" rx="2" /></svg>`;

function columnsSection(view: VersionView, links: Links): Html {
  if (view.columns.length === 0) return html``;
  const reference = view.adopted ? 'the adopted reference' : 'training';
  return html`<section>
    <h2>Columns</h2>
    ${scrolling(
      'Columns',
      html`<table>
        <caption>
          By evidence against "as usual", compared with ${view.baselineRows.toLocaleString('en')} rows of ${reference}
        </caption>
        <thead>
          <tr>
            <th scope="col" class="text">Column</th>
            <th scope="col" class="text">Status</th>
            <th scope="col" class="text">Now, before</th>
            <th scope="col" class="text">28 days</th>
            <th scope="col">Moved</th>
            <th scope="col">Missing</th>
            <th scope="col">Unseen</th>
            <th scope="col">Visible from</th>
          </tr>
        </thead>
        <tbody>
          ${byEvidence(view.columns).map((i) => columnRow(view, i, links))}
        </tbody>
      </table>`,
    )}
    <ul class="legend">
      <li>${swatch('before')}${reference}</li>
      <li>${swatch('now')}this window</li>
      <li>Moved: the share of rows that would have to move to match the reference</li>
      <li>Visible from: a smaller rise of the share above the median could not have been detected</li>
      ${view.metric === 'mae' ? html`<li>score: the number that is predicted</li>` : ''}
    </ul>
  </section>`;
}

function qualityChart(view: VersionView): Html {
  const { days, history, metric } = view;
  const { registered } = view;
  if (!days.some(({ quality, estimate }) => quality ?? estimate)) return html``;
  const marks = history
    .filter(({ kind }) => kind !== 'acknowledged')
    .map(({ time, text }) => ({ time, text: `${timeText(time)}: ${text}` }));
  const title = `${METRIC_TITLES[metric]} by day of the prediction, the last ${days.length} days`;
  const chart = timeline({
    days: days.map(({ day, quality, estimate }) => ({ day, labelled: quality, estimated: estimate })),
    registered,
    marks,
    title,
    text: (value) => metricText(metric, value),
    bounds: metric === 'accuracy' ? [0, 1] : [0, Infinity],
  });
  const known = days.filter(({ quality, estimate }) => quality ?? estimate).reverse();
  const cell = (spread: { value: number; low: number; high: number } | null): string =>
    spread === null
      ? '–'
      : `${metricText(metric, spread.value)} [${metricText(metric, spread.low)}, ${metricText(metric, spread.high)}]`;
  return html`<section>
    <h2>Quality over time</h2>
    ${scrollingFromNewest(title, chart)}
    <ul class="legend">
      <li>dots: by labels, with the 95 % interval; hollow while labels are still arriving</li>
      <li>band: estimated without labels</li>
      <li>dashed: as registered</li>
      <li>upright lines: alarms, versions, references</li>
    </ul>
    <details>
      <summary>The same as a table</summary>
      ${scrolling(
        'Quality by day',
        html`<table>
          <thead>
            <tr>
              <th scope="col" class="text">Day</th>
              <th scope="col">Rows</th>
              <th scope="col">Labels</th>
              <th scope="col">By labels</th>
              <th scope="col">Without labels</th>
            </tr>
          </thead>
          <tbody>
            ${known.map(
              ({ day, rows, quality, estimate }) =>
                html`<tr>
                  <th scope="row">${dateText(day)}</th>
                  <td>${rows.toLocaleString('en')}</td>
                  <td>${quality ? quality.labels.toLocaleString('en') : '0'}</td>
                  <td>${cell(quality)}</td>
                  <td>${cell(estimate)}</td>
                </tr>`,
            )}
          </tbody>
        </table>`,
      )}
    </details>
  </section>`;
}

function calibrationSection({ calibration }: VersionView): Html {
  if (calibration === null) return html``;
  const title = `What came true of ${calibration.label}, by score`;
  return html`<section>
    <h2>Calibration of ${calibration.label}</h2>
    ${calibrationPlot(
      calibration.bins.map(({ expected, observed }) => ({
        expected,
        observed: observed.value,
        low: observed.low,
        high: observed.high,
      })),
      title,
    )}
    <p class="muted">
      Each dot is a bin of the score: the share that came true on rows of the test part (across), and of
      ${calibration.labels.toLocaleString('en')} labelled rows (up). On the dashed line, scores are as right as on the
      test part.
    </p>
  </section>`;
}

function confusionSection({ confusion }: VersionView): Html {
  if (confusion === null) return html``;
  const { classes, counts } = confusion;
  return html`<section>
    <h2>Predicted and true</h2>
    ${scrolling(
      'Predicted and true classes',
      html`<table>
        <caption>
          Labelled rows of the window
        </caption>
        <thead>
          <tr>
            <th scope="col" class="text">Predicted</th>
            ${classes.map((label) => html`<th scope="col" class="cell-name">was ${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${counts.map(
            (row, i) =>
              html`<tr>
                <th scope="row" class="cell-name">${classes[i]}</th>
                ${row.map((count) => html`<td>${count.toLocaleString('en')}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}
  </section>`;
}

/** The quality by the values of a slice column, according to labels. */
export function sliceSection({ column, values }: SliceView, metric: LiveMetric): Html {
  const text = (quality: QualityReport | null): string =>
    quality === null
      ? 'no labels yet'
      : `${metricText(metric, quality.value)} [${metricText(metric, quality.low)}, ${metricText(metric, quality.high)}]`;
  return html`<section>
    <h2>${METRIC_TITLES[metric]} by ${column}</h2>
    ${scrolling(
      `${METRIC_TITLES[metric]} by ${column}`,
      html`<table>
        <caption>
          By labels of the window; shown, and never an alarm
        </caption>
        <thead>
          <tr>
            <th scope="col" class="text">Value</th>
            <th scope="col">Rows</th>
            <th scope="col">Labels</th>
            <th scope="col">${METRIC_TITLES[metric]}</th>
          </tr>
        </thead>
        <tbody>
          ${values.map(
            ({ value, rows, quality }) =>
              html`<tr>
                <th scope="row" class="cell-name">${value}</th>
                <td>${rows.toLocaleString('en')}</td>
                <td>${quality ? quality.labels.toLocaleString('en') : '0'}</td>
                <td>${text(quality)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}
  </section>`;
}

function historySection({ history, report }: VersionView): Html {
  const items = history.map(
    ({ time, text }) =>
      html`<li><time datetime="${new Date(time).toISOString()}">${timeText(time)}</time><span>${text}</span></li>`,
  );
  return html`<section>
    <h2>History</h2>
    ${
      items.length === 0
        ? html`<p class="muted">Nothing has happened yet.</p>`
        : html`<ul class="history">
            ${items}
          </ul>`
    }
    <details>
      <summary>What to do about an alarm</summary>
      <p>Acknowledge it while somebody looks into it:</p>
      <p><code>npx skewless monitor acknowledge ${report.model} COLUMN --reason "..."</code></p>
      <p>The world has changed for good, and this window is the new normal:</p>
      <p>
        <code
          >npx skewless monitor adopt ${report.model} --from ${report.window.from} --to ${report.window.to} --reason
          "..."</code
        >
      </p>
    </details>
  </section>`;
}

const LACKS = {
  baseline: 'The version has no baseline: only what was predicted and labelled is shown.',
  'rows before cleaning':
    'The baseline is of version 1, of cleaned training rows: what is missing or outside the range is shown and not judged. Training again (npx skewless run) adds what is lacking.',
  scores:
    'The baseline has no scores of tested rows: the score is not compared, and there is no estimate without labels. Training again adds them.',
} as const;

export function notes(view: VersionView): Html {
  const { lacking, gone, problem, description, adopted, watchedAt } = view;
  const lines = [
    ...(problem === null ? [] : [`The store cannot be read: ${problem}`]),
    ...lacking.map((what) => LACKS[what]),
    ...(adopted === null ? [] : [`Compared with a window that ${adopted.by} made the reference: ${adopted.reason}`]),
    ...(description.columns.length > 0 && description.rows > 0 && !description.independent
      ? [
          `Rows of one request or minute are alike${description.design_effect === null ? '' : ` (design effect ${description.design_effect.toFixed(1)})`}: more of them are needed to detect a change.`,
        ]
      : []),
    ...(gone.rows + gone.records > 0
      ? [
          `The store has grown to its bound (monitor.maxBytes): ${plural(gone.rows, 'raw row')} and ${plural(gone.records, 'record')} were removed early. Counts were not.`,
        ]
      : []),
    'Columns are compared one by one; 0.1 false alarms are expected per model and 30 days, over all columns and windows together.',
    watchedAt === null ? 'No window has been evaluated yet.' : `Windows were evaluated up to ${timeText(watchedAt)}.`,
  ];
  return html`<footer>${lines.map((line) => html`<p>${line}</p>`)}</footer>`;
}

/** The page of one version: the verdict, then all evidence for it. */
export function modelPage(view: VersionView, links: Links, renewal?: RenewalReport | null): string {
  const { model, version, window } = view.report;
  const head = pageHead(
    view,
    links,
    html`<a href="${links.models ?? ''}">Monitor</a>`,
    html`${model} <small>version ${version}</small>`,
    windowLinks(window.scale, links.model && ((scale) => links.model!(model, scale))),
  );
  const slices = view.slices.map((slice) => sliceSection(slice, view.metric));
  const pair = [calibrationSection(view), confusionSection(view)].filter((part) => part.toString() !== '');
  return layout(
    `${model}: monitor`,
    links,
    html`${head} ${verdict(view)} ${tiles(view)} ${columnsSection(view, links)} ${qualityChart(view)}
    ${pair.length === 0 ? '' : html`<div class="columns">${pair}</div>`} ${slices} ${renewalSection(renewal)}
    ${historySection(view)} ${notes(view)}`,
  );
}
