/** Points (x, y), in drawing order. */
export type Curve = readonly (readonly [x: number, y: number])[];

const MAX_POINTS = 500;

interface Stretch {
  readonly from: number;
  readonly to: number;
  /** The point farthest from the chord, and its distance. */
  readonly farthest: number;
  readonly distance: number;
}

function stretch(x: Float64Array, y: Float64Array, from: number, to: number): Stretch {
  const [dx, dy] = [x[to] - x[from], y[to] - y[from]];
  const length = Math.hypot(dx, dy);
  let [farthest, distance] = [from, 0];
  for (let i = from + 1; i < to; i++) {
    const [px, py] = [x[i] - x[from], y[i] - y[from]];
    const away = length === 0 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
    if (away > distance) [farthest, distance] = [i, away];
  }
  return { from, to, farthest, distance };
}

/**
 * At most 500 points that show the same curve. Points on a straight line are dropped first; then the algorithm of
 * Douglas and Peucker (1973) adds the point farthest from the current curve, again and again.
 */
export function thinCurve(x: Float64Array, y: Float64Array): Curve {
  const last = x.length - 1;
  const kept = [0, last];
  const stretches = [stretch(x, y, 0, last)];
  while (kept.length < MAX_POINTS) {
    const worst = stretches.reduce((most, one, i) => (one.distance > stretches[most].distance ? i : most), 0);
    const { from, to, farthest, distance } = stretches[worst];
    // The rest is within rounding.
    if (distance < 1e-12) break;
    kept.push(farthest);
    stretches.splice(worst, 1, stretch(x, y, from, farthest), stretch(x, y, farthest, to));
  }
  return kept.sort((a, b) => a - b).map((i) => [x[i], y[i]] as const);
}
