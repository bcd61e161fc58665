import { normalShare } from './normal.mjs';

/**
 * Cells of rows, drawn without their rows: where each cell of a column begins, as a standard normal number, is found once by asking
 * the plan's own counter. A stream of 20,000 rows a day costs a tenth of what drawing its rows and counting them would.
 */

const FARTHEST = 40;
/** Of a place where a cell begins. */
const PRECISION = 1e-9;
const NONE = -1;

/** Where a monotonic function changes its value: steps { from, value } in rising order, the first from -Infinity on. */
export function stepsOf(valueAt) {
  const steps = [{ from: -Infinity, value: valueAt(-FARTHEST) }];
  const search = (low, high, lowest, highest) => {
    if (Object.is(lowest, highest)) return;
    if (high - low < PRECISION) return void steps.push({ from: high, value: highest });
    const middle = (low + high) / 2;
    const between = valueAt(middle);
    search(low, middle, lowest, between);
    search(middle, high, between, highest);
  };
  search(-FARTHEST, FARTHEST, steps[0].value, valueAt(FARTHEST));
  return steps;
}

/** Steps whose neighbours that lie in the same places are one. */
function merged(steps) {
  return steps.filter(
    ({ value }, i) => i === 0 || value.place !== steps[i - 1].value.place || value.also !== steps[i - 1].value.also,
  );
}

/** Walker's alias table of outcomes and their shares (A. J. Walker, 1977). */
function aliasOf(outcomes) {
  const size = outcomes.length;
  const total = outcomes.reduce((sum, { share }) => sum + share, 0);
  const scaled = outcomes.map(({ share }) => (share / total) * size);
  const table = { size, keep: new Float64Array(size).fill(1), other: Int32Array.from(scaled, (_, i) => i) };
  const [small, large] = [[], []];
  scaled.forEach((share, i) => (share < 1 ? small : large).push(i));
  while (small.length > 0 && large.length > 0) {
    const [low, high] = [small.pop(), large.pop()];
    table.keep[low] = scaled[low];
    table.other[low] = high;
    scaled[high] -= 1 - scaled[low];
    (scaled[high] < 1 ? small : large).push(high);
  }
  return table;
}

/**
 * What rows of a column do to counts: `place` of the array of counts, and `also` a second one, or none.
 *
 * @param parts steps of outcomes, and which share of the rows follows them
 * @param missing share of rows without a value, whose outcome is `gap`
 */
export class CellDrawer {
  constructor(parts, missing, gap) {
    this.missing = missing;
    this.gap = gap.place;
    this.parts = parts.map(({ share, steps }) => {
      const short = merged(steps);
      return {
        share,
        froms: Float64Array.from(short.slice(1), ({ from }) => from),
        places: Int32Array.from(short, ({ value }) => value.place),
        also: Int32Array.from(short, ({ value }) => value.also ?? NONE),
      };
    });
    const shares = new Map();
    const add = (place, also, share) => {
      const key = `${place} ${also}`;
      shares.set(key, { place, also, share: share + (shares.get(key)?.share ?? 0) });
    };
    for (const { share, froms, places, also } of this.parts) {
      const ends = [0, ...Array.from(froms, normalShare), 1];
      places.forEach((place, i) => add(place, also[i], (1 - missing) * share * (ends[i + 1] - ends[i])));
    }
    if (missing > 0) add(gap.place, NONE, missing);
    const outcomes = [...shares.values()].filter(({ share }) => share > 0);
    this.alias = aliasOf(outcomes);
    this.places = Int32Array.from(outcomes, ({ place }) => place);
    this.also = Int32Array.from(outcomes, ({ also }) => also);
  }

  /** Independent rows. */
  drawAlone(random, rows, counts) {
    const { places, also } = this;
    const { size, keep, other } = this.alias;
    for (let row = 0; row < rows; row++) {
      const spot = random.uniform() * size;
      const i = Math.floor(spot);
      const outcome = spot - i < keep[i] ? i : other[i];
      counts[places[outcome]]++;
      if (also[outcome] !== NONE) counts[also[outcome]]++;
    }
  }

  /** Batches of rows whose normal numbers have a correlation. */
  drawAlike(random, normal, rows, { batch, correlation }, counts) {
    const [shared, own] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
    let common = 0;
    for (let row = 0; row < rows; row++) {
      if (row % batch === 0) common = shared * normal();
      if (this.missing > 0 && random.uniform() < this.missing) {
        counts[this.gap]++;
        continue;
      }
      const { froms, places, also } = this.partOf(random);
      const z = common + own * normal();
      let [low, high] = [0, froms.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (z < froms[middle]) high = middle;
        else low = middle + 1;
      }
      counts[places[low]]++;
      if (also[low] !== NONE) counts[also[low]]++;
    }
  }

  partOf(random) {
    if (this.parts.length === 1) return this.parts[0];
    return random.uniform() < this.parts[1].share ? this.parts[1] : this.parts[0];
  }
}
