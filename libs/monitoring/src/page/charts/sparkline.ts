import { html, type Html } from '#report';

const DAY = 4;
const HEIGHT = 28;
/** Smallest upper end of the axis: shares below move by chance, and must not fill the chart. */
const LEAST_MOST = 0.1;

/** The distance of each day from the reference; a day without rows is a dot. @param moved shares, oldest first */
export function sparkline(moved: readonly (number | null)[]): Html {
  const most = Math.max(LEAST_MOST, ...moved.map((share) => share ?? 0));
  const bars = moved
    .map((share, i) => {
      if (share === null) return '';
      const height = Math.max(1, Math.round((HEIGHT * share * 10) / most) / 10);
      return `M${i * DAY} ${HEIGHT}v-${height}h${DAY - 1}v${height}z`;
    })
    .join('');
  const gaps = moved.map((share, i) => (share === null ? `M${i * DAY + 1} ${HEIGHT}v-1h1v1z` : '')).join('');
  const width = Math.max(1, moved.length) * DAY;
  return html`<svg
    class="small"
    viewBox="0 0 ${width} ${HEIGHT}"
    width="${width}"
    height="${HEIGHT}"
    aria-hidden="true"
  >
    <path class="now" d="${bars}" />
    <path class="before" d="${gaps}" />
  </svg>`;
}
