import { html, type Html } from '#report';
import type { ColumnStatus } from '../drift/describe-window.js';
import type { GuardReport, RenewalReport, SliceReport } from '../report/renewal-report.js';
import { scrolling, statusText } from './layout.js';
import { numberText } from '../drift/words.js';
import { percent, plural, timeText } from './texts.js';

/** The question that each guard answers, in plain words. */
const QUESTIONS: Readonly<Record<string, string>> = {
  failures: 'Does it fail more often?',
  latency: 'Is it slower?',
  scores: 'Are its scores distributed otherwise?',
  gaps: 'Does it miss more values, or know fewer?',
  labels: 'Is it wrong more often, on the rows that it answered?',
  pairs: 'Is it wrong more often, on the same rows?',
  loss: 'Is its loss within the margin, on the same rows?',
};

const MARKS: Readonly<Record<GuardReport['verdict'], ColumnStatus>> = {
  worse: 'moved',
  'no worse': 'as_usual',
  inconclusive: 'too_few_rows',
};

const STATES: Readonly<Record<string, string>> = {
  idle: 'No rollout is in progress',
  queued: 'A training is queued',
  training: 'A training is in progress',
  gated: 'The last training started no rollout',
  shadow: 'scores the rows of the champion, after they were answered',
  canary: 'answers',
  promoted: 'has become the champion',
  watch: 'is the champion, and the one from before is ready to come back',
  settled: 'is the champion for good',
  rolled_back: 'was rolled back',
  paused: 'is paused',
};

const HAS_VERSION = ['shadow', 'canary', 'promoted', 'watch', 'settled', 'rolled_back', 'paused'];

function stateText({ state, challenger, weight, champion }: RenewalReport): string {
  const words = STATES[state] ?? state;
  if (!HAS_VERSION.includes(state)) return `${words}.`;
  const share =
    state === 'canary' || (state === 'paused' && weight > 0)
      ? `${state === 'paused' ? ' at' : ''} ${percent(weight)} of the requests`
      : '';
  const back = state === 'rolled_back' ? `; version ${champion} answers all` : '';
  return `Version ${challenger} ${words}${share}${back}.`;
}

/** The progress of the evidence to the bound, from 0 to 1, on a logarithmic scale. */
export function wayTo({ e_value, bound, n }: Pick<GuardReport, 'e_value' | 'bound' | 'n'>): number {
  if (n === 0) return 0;
  if (e_value === null) return 1;
  return Math.min(1, Math.max(0, Math.log(e_value) / Math.log(bound)));
}

function guardRow(guard: GuardReport): Html {
  const { guard: name, n, e_value, bound, verdict, note } = guard;
  const isInterval = name === 'loss';
  const way = wayTo(guard);
  const bar = html`<svg
    class="bars"
    viewBox="0 0 100 8"
    preserveAspectRatio="none"
    role="img"
    aria-label="${percent(way, 0)} of the way to the bound"
  >
    <rect class="before" width="100" height="8" />
    <rect class="now" width="${(100 * way).toFixed(1)}" height="8" />
  </svg>`;
  return html`<tr>
    <th scope="row" class="cell-name">${QUESTIONS[name] ?? name} <small>${name}</small></th>
    <td class="text">${statusText(MARKS[verdict], verdict)}${note ? html`<span class="words">${note}</span>` : ''}</td>
    <td>${n.toLocaleString('en')}</td>
    <td>${isInterval ? '–' : e_value === null ? 'beyond count' : numberText(Number(e_value.toPrecision(3)))}</td>
    <td>${isInterval ? `margin ${bound}` : bound}</td>
    <td class="text">${isInterval ? '' : bar}</td>
  </tr>`;
}

function evidenceTable(evidence: readonly GuardReport[]): Html {
  if (evidence.length === 0) return html``;
  return html`${scrolling(
    'Evidence',
    html`<table>
      <caption>
        Evidence against the new version: at the bound it is rolled back. It is valid at any time
      </caption>
      <thead>
        <tr>
          <th scope="col" class="text">Guard</th>
          <th scope="col" class="text">Verdict</th>
          <th scope="col">Events</th>
          <th scope="col">Evidence</th>
          <th scope="col">Bound</th>
          <th scope="col" class="text">To it</th>
        </tr>
      </thead>
      <tbody>
        ${evidence.map(guardRow)}
      </tbody>
    </table>`,
  )}`;
}

/** Where the two versions answer differently, by the values of `monitor.slices`. */
function slicesTable(slices: readonly SliceReport[]): Html {
  if (slices.length === 0) return html``;
  return html`${scrolling(
    'Slices',
    html`<table>
      <caption>
        Rows that both versions have scored, and how many they answer differently
      </caption>
      <thead>
        <tr>
          <th scope="col" class="text">Slice</th>
          <th scope="col">Rows</th>
          <th scope="col">Answered differently</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        ${slices.map(
          ({ column, value, rows, disagreements }) =>
            html`<tr>
              <th scope="row" class="cell-name">${column}: ${value}</th>
              <td>${rows.toLocaleString('en')}</td>
              <td>${disagreements.toLocaleString('en')}</td>
              <td>${percent(disagreements / rows)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  )}`;
}

/** The state of a new version, what it waits for, and its timeline. */
export function renewalSection(renewal: RenewalReport | null | undefined): Html {
  if (!renewal) return html``;
  const { since, waits_for: waits, reason, evidence, timeline } = renewal;
  const entries = timeline.map(
    ({ time, kind, text }) =>
      html`<li>
        <time datetime="${time}">${timeText(time)}</time
        ><span>${kind === 'step' ? '' : html`<b>${kind}</b> `}${text}</span>
      </li>`,
  );
  return html`<section>
    <h2>Renewal</h2>
    <p><b>${stateText(renewal)}</b>${since === null ? '' : ` Since ${timeText(since)}.`}</p>
    ${waits === null ? (reason === null ? '' : html`<p>${reason}</p>`) : html`<p>Waits for ${waits}.</p>`}
    ${evidenceTable(evidence)} ${slicesTable(evidence.flatMap(({ slices = [] }) => slices))}
    <details>
      <summary>Timeline: ${plural(timeline.length, 'entry', 'entries')}, the newest first</summary>
      <ul class="history">
        ${entries}
      </ul>
    </details>
  </section>`;
}
