import { html, Html } from '#report';
import type { ColumnStatus } from '../drift/describe-window.js';
import { type Scale, SCALE_NAMES } from '../time/scales.js';
import { compact, MONITOR_STYLE } from './page-style.js';
import { SCALE_TEXTS, STATUS_TEXTS } from './texts.js';

/** Links between pages: paths of a server; none in a page that is a file. */
export interface Links {
  readonly models?: string;
  model?(name: string, scale: Scale): string;
  column?(model: string, column: string, scale: Scale): string;
  /** Script that refreshes the page. */
  readonly script?: string;
}

/** Absolute paths of a server. */
export const SERVER_LINKS: Links = {
  models: '/monitor',
  model: (name, scale) => `/monitor/${encodeURIComponent(name)}?window=${scale}`,
  column: (model, column, scale) =>
    `/monitor/${encodeURIComponent(model)}/columns/${encodeURIComponent(column)}?window=${scale}`,
  script: '/monitor/assets/refresh.js',
};

const SHAPES: Readonly<Record<ColumnStatus, string>> = {
  moved: '<path d="M6 0 12 11H0z"/>',
  as_usual: '<circle cx="6" cy="6" r="5"/>',
  too_few_rows: '<circle cx="6" cy="6" r="4.5"/>',
  no_baseline: '<rect y="4" width="12" height="3"/>',
};

/** A status in words, with its shape and color. */
export const statusText = (status: ColumnStatus, text: string = STATUS_TEXTS[status]): Html =>
  html`<span class="status ${status}"
    ><svg viewBox="0 0 12 12" aria-hidden="true">${new Html(SHAPES[status])}</svg>${text}</span
  >`;

/** @param href the link of each scale; undefined without links */
export function windowLinks(shown: Scale, href: ((scale: Scale) => string) | undefined): Html {
  if (!href) return html``;
  const links = SCALE_NAMES.map((scale) =>
    scale === shown
      ? html`<a href="${href(scale)}" aria-current="page">${SCALE_TEXTS[scale]}</a>`
      : html`<a href="${href(scale)}">${SCALE_TEXTS[scale]}</a>`,
  );
  return html`<nav class="windows" aria-label="Window">${links}</nav>`;
}

const scroller = (kind: string, label: string, content: Html): Html =>
  html`<div class="${kind}" tabindex="0" role="region" aria-label="${label}">${content}</div>`;

/** Wraps a table that may be wider than the page; it scrolls on its own, by keyboard too. */
export const scrolling = (label: string, content: Html): Html => scroller('scroll', label, content);

/** Wraps a chart over time; where it is wider than the page, its newest days are visible first. */
export const scrollingFromNewest = (label: string, content: Html): Html => scroller('scroll newest', label, content);

/** A complete, self-contained page. */
export function layout(title: string, { script }: Links, content: Html): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style></style>
        ${script === undefined ? '' : html`<script src="${script}" defer></script>`}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <main id="content">${content}</main>
      </body>
    </html>`;
  // The content cannot contain the placeholder, because all inserted text is escaped.
  return `${compact(page.toString()).replace('<style></style>', () => `<style>${MONITOR_STYLE}</style>`)}\n`;
}
