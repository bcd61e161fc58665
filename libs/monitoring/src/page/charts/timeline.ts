import { DAY } from '#kit';
import { html, type Html } from '#report';
import { dateText } from '../texts.js';
import { place, ticks } from './axis.js';

/** A value with its 95 % interval. */
export interface Spread {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface TimelineDay {
  /** Milliseconds since the epoch. */
  readonly day: number;
  readonly labelled: (Spread & { readonly mature: boolean }) | null;
  readonly estimated: Spread | null;
}

export interface Timeline {
  readonly days: readonly TimelineDay[];
  readonly registered: number | null;
  /** Events. */
  readonly marks: readonly { readonly time: number; readonly text: string }[];
  readonly title: string;
  readonly text: (value: number) => string;
  /** The metric's possible range. */
  readonly bounds: readonly [number, number];
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [760, 230, 52, 12, 14, 28];

/** Draws labelled days as dots with intervals, hollow while labels still arrive, the estimate as a band, and the registered value. */
export function timeline({ days, registered, marks, title, text, bounds }: Timeline): Html {
  const spreads = days.flatMap(({ labelled, estimated }) => [labelled, estimated].filter((one) => one !== null));
  const values = [...spreads.flatMap(({ low, high }) => [low, high]), ...(registered === null ? [] : [registered])];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const margin = Math.max((most - least) * 0.08, Math.abs(most) * 0.005, 1e-9);
  const [low, high] = [Math.max(bounds[0], least - margin), Math.min(bounds[1], most + margin)];
  const slot = (WIDTH - LEFT - RIGHT) / days.length;
  const x = (i: number): number => place(LEFT + (i + 0.5) * slot);
  const y = (value: number): number => place(TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM));
  const grid = ticks(low, high).map(
    (tick) =>
      html`<path class="grid" d="M${LEFT} ${y(tick)}H${WIDTH - RIGHT}" /><text
          x="${LEFT - 8}"
          y="${y(tick) + 4}"
          text-anchor="end"
          >${text(tick)}</text
        >`,
  );
  const every = Math.ceil(days.length / 7);
  const dates = days.flatMap(({ day }, i) =>
    (days.length - 1 - i) % every === 0
      ? [html`<text x="${x(i)}" y="${HEIGHT - 8}" text-anchor="middle">${dateText(day).replace(/ \d{4}$/, '')}</text>`]
      : [],
  );
  const band = days.flatMap(({ estimated }, i) =>
    estimated === null
      ? []
      : [
          html`<rect
            class="band"
            x="${place(x(i) - slot / 2)}"
            width="${place(slot)}"
            y="${y(estimated.high)}"
            height="${Math.max(1, place(y(estimated.low) - y(estimated.high)))}"
          />`,
        ],
  );
  const dots = days.flatMap(({ labelled }, i) =>
    labelled === null
      ? []
      : [
          html`<path class="whisker" d="M${x(i)} ${y(labelled.high)}V${y(labelled.low)}" /><circle
              class="${labelled.mature ? 'dot' : 'dot hollow'}"
              cx="${x(i)}"
              cy="${y(labelled.value)}"
              r="4"
            />`,
        ],
  );
  const start = days[0].day;
  const lines = marks
    .filter(({ time }) => time >= start && time <= start + days.length * DAY)
    .map(({ time, text: what }) => {
      const at = place(LEFT + ((time - start) / DAY) * slot);
      return html`<path class="mark" d="M${at} ${TOP}V${HEIGHT - BOTTOM}"><title>${what}</title></path>`;
    });
  const line =
    registered === null ? '' : html`<path class="registered" d="M${LEFT} ${y(registered)}H${WIDTH - RIGHT}" />`;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
    ${grid} ${band} ${line} ${lines} ${dots} ${dates}
  </svg>`;
}
