import { DAY } from '#kit';
import { html, type Html } from '#report';
import { gathered } from '../report/gathered.js';
import type { AlarmReport } from '../report/window-report.js';
import type { VersionView } from '../report/version-view.js';
import { SCALES } from '../time/scales.js';
import { changeWords } from '../drift/words.js';
import { statusText } from './layout.js';
import {
  BAD_WORDS,
  chanceText,
  dateText,
  METRIC_OF,
  METRIC_TITLES,
  metricText,
  plural,
  points,
  timeText,
} from './texts.js';

/** Changes within this many days before an alarm may be its cause. */
const BEFORE_DAYS = 7;

/** Compares the labelled quality with the registered one. */
function quality({ report }: VersionView): 'worse' | 'holds' | 'unknown' {
  const { quality: found, alarms } = report;
  if (!alarms.every(isDrift)) return 'worse';
  if (!found?.mature || found.registered === null) return 'unknown';
  const { metric, low, high, registered } = found;
  return (metric === 'accuracy' ? high < registered : low > registered) ? 'worse' : 'holds';
}

const isDrift = (alarm: AlarmReport): boolean => alarm.kind === 'drift';

/** Whether the window could have detected a moved column. */
const areJudged = ({ report, description }: VersionView): boolean =>
  description.silent === null && report.status !== 'too_few_rows' && report.status !== 'no_baseline';

/** Says whether the data, the model or neither has changed, which a single alarm does not tell. */
export function diagnosis(view: VersionView): string {
  const { alarms } = view.report;
  const roleOf = new Map(view.columns.map(({ name, role }) => [name, role]));
  const drifted = alarms.filter(isDrift);
  const inputs = drifted.filter(({ column }) => roleOf.get(column ?? '') === 'input');
  const found = quality(view);
  if (drifted.length === 0) {
    if (found === 'worse' && !areJudged(view))
      return 'The predictions are worse; whether the rows have changed cannot be determined for this window.';
    return found === 'worse'
      ? 'The columns are as usual, and the predictions are worse: what a row means has changed, not the rows. A model that is trained on newer labels can learn that.'
      : '';
  }
  const data =
    inputs.length > 0
      ? 'It is the data: the rows that come differ from those the model was trained on.'
      : 'Each column by itself is as usual, but the predictions have moved: columns hang together in another way, or rows reach the model that it knows too few of.';
  const harm = {
    worse: 'And it hurts: labels prove that predictions are worse.',
    holds: 'So far it does no harm: by their labels the predictions are as good as registered.',
    unknown: 'Whether it hurts is not known yet: there are too few labels.',
  }[found];
  return `${data} ${harm}`;
}

function alarmItem({ kind, column, split, baseline, now, low, high, p, level, since }: AlarmReport): Html {
  const chance =
    kind === 'drift' ? `; by chance ${chanceText(p ?? 1)}, where ${chanceText(level ?? 0)} is the level` : '';
  const details = html`<span class="muted">alarm since ${timeText(since)}${chance}</span>`;
  if (kind !== 'drift') {
    const metric = METRIC_OF[kind];
    return html`<li>
      <b>${METRIC_TITLES[metric]}</b>: ${metricText(metric, now)} [${metricText(metric, low)},
      ${metricText(metric, high)}], registered ${metricText(metric, baseline)}<br />${details}
    </li>`;
  }
  return html`<li><b>${column ?? ''}</b>: ${changeWords(split ?? '', baseline, now, low, high)}<br />${details}</li>`;
}

function headline({ report, description }: VersionView): string {
  const { status, alarms, window } = report;
  const drifted = new Set(alarms.filter(isDrift).map(({ column }) => column)).size;
  const bad = alarms.find((alarm) => !isDrift(alarm));
  const words = bad && BAD_WORDS[bad.kind as keyof typeof BAD_WORDS];
  if (drifted > 0) return `${plural(drifted, 'column has', 'columns have')} moved${words ? `, and ${words}` : ''}`;
  if (words) return `${words[0].toUpperCase()}${words.slice(1)}`;
  if (status === 'no_baseline') return 'There is nothing to compare with';
  if (window.rows === 0) return 'No rows in this window';
  if (status === 'moved') return 'Columns have moved';
  if (status === 'too_few_rows') return 'Too few rows to tell';
  return description.silent === null ? 'All is as usual' : 'This window allows no conclusion';
}

/** Says which change the window could have missed. */
function sensitivity({ report, description, columns }: VersionView): string {
  if (report.status === 'no_baseline') {
    return (
      'The version has no baseline. Training it again here adds one, or importing it with rows that its source has answered (--golden); ' +
      `or its first days become the reference: npx skewless monitor adopt ${report.model} --from DAY --to DAY --reason "...".`
    );
  }
  if (description.silent !== null) return description.silent;
  const visible = columns.flatMap(({ smallest_visible }) => (smallest_visible === null ? [] : [smallest_visible]));
  if (visible.length === 0) return `${plural(report.window.rows, 'row')} cannot show any change in these tests.`;
  const most = points(Math.max(...visible));
  return `Any change of the share above a column's median by ${most} or more would have been detected four times in five.`;
}

function isOpenSentence({ report }: VersionView): string {
  const { scale, to, closed } = report.window;
  if (closed) return '';
  const step = SCALES[scale].step === DAY ? dateText(Date.parse(to)) : timeText(to);
  return `So far: this window closes at the start of ${step} and is judged then. Until then it is shown and raises no alarm.`;
}

/** Lists what changed shortly before the first open alarm. */
function before({ report, history }: VersionView): Html {
  if (report.alarms.length === 0) return html``;
  const first = Math.min(...report.alarms.map(({ since }) => Date.parse(since)));
  const changes = history.filter(
    ({ kind, time }) =>
      ['loaded', 'alias', 'adopted'].includes(kind) && time <= first && time >= first - BEFORE_DAYS * DAY,
  );
  const items =
    changes.length === 0
      ? [html`<li class="muted">No version, alias or reference changed in the ${BEFORE_DAYS} days before.</li>`]
      : changes.map(({ time, text }) => html`<li>${timeText(time)}: ${text}</li>`);
  return html`<h3>What changed just before</h3>
    <ul>
      ${items}
    </ul>`;
}

/** The top of the page: what is wrong and since when, whether data or model changed, the harm, and what changed before. */
export function verdict(view: VersionView): Html {
  const { status, alarms } = view.report;
  const cause = diagnosis(view);
  return html`<section class="verdict ${alarms.length > 0 ? 'moved' : status}" aria-live="polite">
    <h2>${statusText(alarms.length > 0 ? 'moved' : status, headline(view))}</h2>
    ${
      alarms.length > 0
        ? html`<ul>
            ${gathered(alarms).map(alarmItem)}
          </ul>`
        : ''
    }
    ${cause === '' ? '' : html`<p>${cause}</p>`}
    ${alarms.length > 0 && areJudged(view) ? '' : html`<p>${sensitivity(view)}</p>`}
    ${view.report.window.closed ? '' : html`<p class="muted">${isOpenSentence(view)}</p>`} ${before(view)}
  </section>`;
}

/** The figures of quality, with and without labels, and the numbers of rows and labels behind them. */
export function tiles(view: VersionView): Html {
  const { quality: found, estimate, window, log } = view.report;
  const title = METRIC_TITLES[found?.metric ?? estimate?.metric ?? view.metric];
  const range = (metric: keyof typeof METRIC_TITLES, low: number, high: number): string =>
    `${metricText(metric, low)} to ${metricText(metric, high)}`;
  const labelled = found
    ? html`<b>${metricText(found.metric, found.value)}</b
        ><span class="muted"
          >${range(found.metric, found.low, found.high)}${found.registered === null ? '' : html`<br />registered ${metricText(found.metric, found.registered)}`}${found.mature ? '' : html`<br />labels are still arriving`}</span
        >`
    : html`<b>–</b><span class="muted">no labels yet</span>`;
  const withoutLabels = estimate
    ? html`<b>${metricText(estimate.metric, estimate.value)}</b
        ><span class="muted">${range(estimate.metric, estimate.low, estimate.high)}<br />if ${estimate.assumes}</span>`
    : html`<b>–</b
        ><span class="muted"
          >${view.refuted ? 'labels have refuted the estimate: it is not shown' : view.lacking.includes('scores') || view.lacking.includes('baseline') ? 'the version has no scores of tested rows' : 'too few tested rows have such scores'}</span
        >`;
  const isWorse = quality(view) === 'worse';
  return html`<section aria-label="Numbers">
    <div class="tiles numbers">
      <div class="tile${isWorse ? ' bad' : found ? '' : ' quiet'}">${title} by labels${labelled}</div>
      ${(found?.others ?? []).map(
        ({ metric, value, low, high, registered }) =>
          html`<div class="tile">
            ${METRIC_TITLES[metric]}<b>${metricText(metric, value)}</b
            ><span class="muted"
              >${range(metric, low, high)}<br />${metric === 'bias' ? 'prediction less label' : registered === null ? '' : `registered ${metricText(metric, registered)}`}</span
            >
          </div>`,
      )}
      <div class="tile${estimate ? '' : ' quiet'}">${title} without labels${withoutLabels}</div>
      <div class="tile">
        Rows<b>${window.rows.toLocaleString('en')}</b
        ><span class="muted"
          >log: ${log.rows.toLocaleString('en')} kept, ${log.dropped.toLocaleString('en')} dropped<br />store
          ${log.store}</span
        >
      </div>
      <div class="tile${found ? '' : ' quiet'}">
        Labels<b>${found ? found.labels.toLocaleString('en') : '0'}</b
        ><span class="muted"
          >${found ? `${(100 * found.coverage).toFixed(0)} % of the rows` : 'POST /feedback takes them'}</span
        >
      </div>
    </div>
  </section>`;
}
