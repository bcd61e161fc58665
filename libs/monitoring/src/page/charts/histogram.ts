import { html, type Html } from '#report';
import type { CellReport } from '../../report/column-cells.js';

const [WIDTH, HEIGHT] = [114, 34];
const [NARROWEST, WIDEST] = [6, 14];

const bars = (shares: readonly number[], most: number, cell: number, inset: number): string =>
  shares
    .map((share, i) => {
      const height = Math.round((HEIGHT * share * 10) / most) / 10;
      return height === 0 ? '' : `M${i * cell + inset} ${HEIGHT}v-${height}h${cell - 1 - 2 * inset}v${height}z`;
    })
    .join('');

/** The window's bars drawn over the reference's. Decorative: the text beside it says the same. */
export function smallHistogram(cells: readonly CellReport[]): Html {
  const [before, now] = [cells.map(({ baseline }) => baseline), cells.map((cell) => cell.now)];
  const most = Math.max(0.01, ...before, ...now);
  const cell = Math.min(WIDEST, Math.max(NARROWEST, Math.floor(WIDTH / Math.max(1, cells.length))));
  const width = Math.max(1, cells.length) * cell;
  return html`<svg
    class="small"
    viewBox="0 0 ${width} ${HEIGHT}"
    width="${width}"
    height="${HEIGHT}"
    aria-hidden="true"
  >
    <path class="before" d="${bars(before, most, cell, 0)}" />
    <path class="now" d="${bars(now, most, cell, 1.5)}" />
  </svg>`;
}

const FULL = 200;

/** One cell of a column: two bars, the reference above the window. */
export function cellBars({ baseline, now }: CellReport, most: number): Html {
  const width = (share: number): number => Math.max(share > 0 ? 1 : 0, Math.round((FULL * share) / most));
  return html`<svg class="bars" viewBox="0 0 ${FULL} 18" preserveAspectRatio="none" aria-hidden="true">
    <rect class="before" x="0" y="1" width="${width(baseline)}" height="7" />
    <rect class="now" x="0" y="10" width="${width(now)}" height="7" />
  </svg>`;
}
