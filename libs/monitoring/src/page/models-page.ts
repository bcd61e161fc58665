import { html, type Html } from '#report';
import { gathered } from '../report/gathered.js';
import type { LiveMetric } from '../quality/outcomes.js';
import type { AlarmReport, WindowReport } from '../report/window-report.js';
import type { Scale } from '../time/scales.js';
import { changeWords } from '../drift/words.js';
import { layout, type Links, scrolling, statusText, windowLinks } from './layout.js';
import { BAD_WORDS, METRIC_OF, METRIC_TITLES, metricText, plural, timeText } from './texts.js';

/** Summarizes the other alarms, quality first. */
function rest(others: readonly AlarmReport[]): string {
  const columns = others.filter(({ kind }) => kind === 'drift').length;
  const bad = others.find(({ kind }) => kind !== 'drift');
  const words = bad ? `; and ${BAD_WORDS[bad.kind as keyof typeof BAD_WORDS]}` : '';
  return `${words}${columns > 0 ? `; and ${plural(columns, 'more column has', 'more columns have')} moved` : ''}`;
}

const qualityWords = (metric: LiveMetric, { now, baseline }: AlarmReport): string =>
  `${METRIC_TITLES[metric].toLowerCase()} ${metricText(metric, now)}, registered ${metricText(metric, baseline)}`;

/** Summarizes a model in one sentence. */
function sentence({ alarms, window }: WindowReport): string {
  const [first, ...others] = gathered(alarms);
  if (first) {
    const what =
      first.kind === 'drift'
        ? `${first.column}: ${changeWords(first.split ?? '', first.baseline, first.now, first.low, first.high)}`
        : qualityWords(METRIC_OF[first.kind], first);
    return `${what}, since ${timeText(first.since)}${rest(others)}`;
  }
  return window.rows === 0 ? 'no rows' : '';
}

function line(report: WindowReport, links: Links): Html {
  const { model, version, status, window, quality, estimate } = report;
  const shown = quality ?? estimate;
  return html`<tr>
    <th scope="row" class="cell-name">
      <a href="${links.model?.(model, window.scale) ?? ''}">${model}</a> <span class="muted">version ${version}</span>
    </th>
    <td class="text">${statusText(status)}<span class="words">${sentence(report)}</span></td>
    <td>${window.rows.toLocaleString('en')}${window.closed ? '' : html` <span class="muted">so far</span>`}</td>
    <td>
      ${shown ? html`${metricText(shown.metric, shown.value)} <span class="muted">${METRIC_TITLES[shown.metric].toLowerCase()}${quality ? '' : ', estimated'}</span>` : '–'}
    </td>
    <td>${quality ? `${(100 * quality.coverage).toFixed(0)} %` : '–'}</td>
  </tr>`;
}

/** All models, one row each, those with an alarm first. */
export function modelsPage(reports: readonly WindowReport[], scale: Scale, links: Links): string {
  const ordered = [...reports].sort((a, b) => Number(b.alarms.length > 0) - Number(a.alarms.length > 0));
  const moved = reports.filter(({ alarms }) => alarms.length > 0).length;
  const table = html`<table>
    <thead>
      <tr>
        <th scope="col" class="text">Model</th>
        <th scope="col" class="text">Status</th>
        <th scope="col">Rows</th>
        <th scope="col">Quality</th>
        <th scope="col">Labelled</th>
      </tr>
    </thead>
    <tbody>
      ${ordered.map((report) => line(report, links))}
    </tbody>
  </table>`;
  return layout(
    'Monitor',
    links,
    html`<header>
        <h1>Monitor</h1>
        <div class="bar-row">
          ${windowLinks(scale, (one) => `${links.models}?window=${one}`)}
          <span class="muted"
            >${plural(reports.length, 'model')}, ${moved === 0 ? 'none with an alarm' : `${moved} with an alarm`}</span
          >
        </div>
      </header>
      <section>
        <h2>Models</h2>
        ${reports.length === 0 ? html`<p class="muted">No model is loaded.</p>` : scrolling('Models', table)}
      </section>`,
  );
}
