import { html, Html } from '#report';
import type { ColumnStatus } from '../drift/describe-window.js';
import { type Scale, SCALE_NAMES } from '../time/scales.js';
import { compact, MONITOR_STYLE } from './page-style.js';
import { SCALE_TEXTS, STATUS_TEXTS } from './texts.js';

/** Where pages lead: paths of a server, or nowhere in a page that is a file. */
export interface Links {
  readonly models?: string;
  model?(name: string, scale: Scale): string;
  column?(model: string, column: string, scale: Scale): string;
  /** Runs in the page: looks for a newer one. */
  readonly script?: string;
}

/** Of a server, from its root on. */
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

/** In words, with a shape and a color of its own. */
export const statusText = (status: ColumnStatus, text: string = STATUS_TEXTS[status]): Html =>
  html`<span class="status ${status}"
    ><svg viewBox="0 0 12 12" aria-hidden="true">${new Html(SHAPES[status])}</svg>${text}</span
  >`;

/** @param href of each scale; nothing where there are no links */
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

/** A table that may be wider than the page: it scrolls by itself, also by keyboard. */
export const scrolling = (label: string, content: Html): Html => scroller('scroll', label, content);

/** A chart over time: where it is wider than the page, its newest days are in sight. */
export const scrollingFromNewest = (label: string, content: Html): Html => scroller('scroll newest', label, content);

/** A whole page, which needs nothing from elsewhere. */
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
  // Content cannot hold the mark: what comes from elsewhere is escaped.
  return `${compact(page.toString()).replace('<style></style>', () => `<style>${MONITOR_STYLE}</style>`)}\n`;
}
