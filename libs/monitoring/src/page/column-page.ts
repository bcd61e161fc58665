import { html, type Html } from '#report';
import type { ColumnView, VersionView } from '../report/version-view.js';
import { cellBars } from './charts/histogram.js';
import { layout, type Links, scrolling, statusText, windowLinks } from './layout.js';
import { notes, pageHead, sliceSection } from './model-page.js';
import { chanceText, dateText, percent, points } from './texts.js';
import { numberText } from '../drift/words.js';

function cellsSection({ cells }: ColumnView, reference: string): Html {
  const most = Math.max(0.01, ...cells.flatMap(({ baseline, now }) => [baseline, now]));
  return html`<section>
    <h2>Distribution of the rows</h2>
    ${scrolling(
      'Cells of the column',
      html`<table>
        <thead>
          <tr>
            <th scope="col" class="text">Values</th>
            <th scope="col" class="text">Upper bar ${reference}, lower bar now</th>
            <th scope="col">Before</th>
            <th scope="col">Now</th>
            <th scope="col">Rows now</th>
          </tr>
        </thead>
        <tbody>
          ${cells.map(
            (cell) =>
              html`<tr>
                <th scope="row" class="cell-name">${cell.name}</th>
                <td class="text">${cellBars(cell, most)}</td>
                <td>${percent(cell.baseline)}</td>
                <td>${percent(cell.now)}</td>
                <td>${cell.rows.toLocaleString('en')}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}
  </section>`;
}

function splitsSection({ splits, finding }: ColumnView): Html {
  if (splits.length === 0) return html``;
  const ordered = [...splits].sort((a, b) => a.logP - b.logP);
  return html`<section>
    <h2>All tests</h2>
    ${scrolling(
      'Splits of the column',
      html`<table>
        <caption>
          Each line is one Fisher exact test; p is for all of them together
        </caption>
        <thead>
          <tr>
            <th scope="col" class="text">Share of rows with</th>
            <th scope="col">Before</th>
            <th scope="col">Now</th>
            <th scope="col">95 % interval</th>
            <th scope="col">p</th>
          </tr>
        </thead>
        <tbody>
          ${ordered.map(
            (split) =>
              html`<tr>
                <th scope="row" class="cell-name">
                  ${split.split}${split.split === finding?.split ? ' (strongest)' : ''}
                </th>
                <td>${percent(split.baseline)}</td>
                <td>${percent(split.now)}</td>
                <td>${percent(split.low)} to ${percent(split.high)}</td>
                <td>${chanceText(Math.exp(split.logP))}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}
  </section>`;
}

function daysSection({ days }: VersionView, place: number): Html {
  const known = days.filter(({ rows }) => rows > 0).reverse();
  if (known.length === 0) return html``;
  return html`<section>
    <h2>Day by day</h2>
    ${scrolling(
      'Days of the column',
      html`<table>
        <thead>
          <tr>
            <th scope="col" class="text">Day</th>
            <th scope="col">Rows</th>
            <th scope="col">Moved</th>
            <th scope="col">Missing</th>
            <th scope="col">Unseen</th>
          </tr>
        </thead>
        <tbody>
          ${known.map(
            ({ day, rows, columns }) =>
              html`<tr>
                <th scope="row">${dateText(day)}</th>
                <td>${rows.toLocaleString('en')}</td>
                <td>${percent(columns[place].moved)}</td>
                <td>${percent(columns[place].missing)}</td>
                <td>${percent(columns[place].unseen)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}
  </section>`;
}

function distancesSection({ distances, e_value }: ColumnView): Html {
  const { population_stability, kolmogorov_smirnov, jensen_shannon, wasserstein } = distances;
  const values = [
    ['Population stability index', population_stability.toFixed(4)],
    ['Kolmogorov-Smirnov, over the bins', kolmogorov_smirnov.toFixed(4)],
    ['Jensen-Shannon', jensen_shannon.toFixed(4)],
    ['Wasserstein, in the unit of the column', wasserstein === null ? 'not of values' : numberText(wasserstein)],
    ['e-value', e_value === null ? 'nothing asked' : numberText(Number(e_value.toPrecision(3)))],
  ] as const;
  return html`<section>
    <h2>Distances</h2>
    <dl>
      ${values.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <p class="muted">
      For information, never an alarm: none of them accounts for how large chance alone makes it with so many rows.
    </p>
  </section>`;
}

/** One column of a version: its cells, the splits tested and its history by day. */
export function columnPage(view: VersionView, place: number, links: Links): string {
  const { model, version, window, alarms } = view.report;
  const column = view.columns[place];
  const { name, status, words, smallest_visible } = column;
  const modelPath = links.model?.(model, window.scale) ?? '';
  const head = pageHead(
    view,
    links,
    html`<a href="${links.models ?? ''}">Monitor</a> / <a href="${modelPath}">${model}</a>`,
    html`${name} <small>of ${model}, version ${version}</small>`,
    windowLinks(window.scale, links.column && ((scale) => links.column!(model, name, scale))),
  );
  const isAlarmed = alarms.some((alarm) => alarm.column === name);
  const visible =
    smallest_visible === null
      ? 'This window has too few rows to detect any change of the share above the median.'
      : `A rise of the share above the median by ${points(smallest_visible)} or more would have been detected four times in five.`;
  const reference = view.adopted ? 'the reference' : 'training';
  return layout(
    `${name}, ${model}: monitor`,
    links,
    html`${head}
      <section class="verdict ${isAlarmed ? 'moved' : status}">
        <h2>${statusText(isAlarmed ? 'moved' : status)}</h2>
        ${words === null ? '' : html`<p>${words}</p>`}
        <p class="muted">${view.description.silent ?? visible}</p>
      </section>
      ${cellsSection(column, reference)} ${splitsSection(column)}
      ${view.slices.filter((slice) => slice.column === name).map((slice) => sliceSection(slice, view.metric))}
      ${daysSection(view, place)} ${distancesSection(column)} ${notes(view)}`,
  );
}
