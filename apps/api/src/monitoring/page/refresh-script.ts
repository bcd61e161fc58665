/** Script of the pages: checks once a minute for a newer page and replaces the content. */
export const REFRESH_SCRIPT = `'use strict';
const EVERY = 60000;
let shown = null;

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { credentials: 'same-origin' });
  const etag = answer.headers.get('etag');
  if (!answer.ok || etag === shown) return;
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
  const main = document.querySelector('main');
  if (!next || !main) return;
  const open = [...main.querySelectorAll('details')].map((details) => details.open);
  const focused = document.activeElement;
  const href = focused instanceof HTMLAnchorElement && main.contains(focused) ? focused.getAttribute('href') : null;
  main.replaceChildren(...next.childNodes);
  main.querySelectorAll('details').forEach((details, i) => (details.open = open[i] === true));
  if (href !== null) [...main.querySelectorAll('a')].find((link) => link.getAttribute('href') === href)?.focus();
  shown = etag;
}

setInterval(() => look().catch(() => undefined), EVERY);
document.addEventListener('visibilitychange', () => look().catch(() => undefined));
`;
