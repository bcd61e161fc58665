import { html, type Html } from '#report';
import { place } from './axis.js';

/** The expected and the observed share of a score bin, the latter with its 95 % interval. Shares are 0 to 1. */
export interface CalibrationPoint {
  readonly expected: number;
  readonly observed: number;
  readonly low: number;
  readonly high: number;
}

const [SIZE, LEFT, BOTTOM, EDGE] = [320, 44, 40, 10];
const PLOT = SIZE - LEFT - EDGE;

/** Points on the diagonal match training. */
export function calibrationPlot(points: readonly CalibrationPoint[], title: string): Html {
  const x = (share: number): number => place(LEFT + share * PLOT);
  const y = (share: number): number => place(EDGE + (1 - share) * (SIZE - BOTTOM - EDGE));
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      html`<path class="grid" d="M${LEFT} ${y(tick)}H${SIZE - EDGE}" /><text
          x="${LEFT - 6}"
          y="${y(tick) + 4}"
          text-anchor="end"
          >${100 * tick} %</text
        ><text x="${x(tick)}" y="${SIZE - BOTTOM + 16}" text-anchor="middle">${100 * tick}</text>`,
  );
  const dots = points.map(
    ({ expected, observed, low, high }) =>
      html`<path class="whisker" d="M${x(expected)} ${y(high)}V${y(low)}" /><circle
          class="dot"
          cx="${x(expected)}"
          cy="${y(observed)}"
          r="4"
        />`,
  );
  return html`<svg class="square" viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="${title}">
    ${grid}
    <path class="registered" d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" />
    ${dots}
    <text x="${LEFT + PLOT / 2}" y="${SIZE - 6}" text-anchor="middle">came true in training</text>
  </svg>`;
}
