import { numberAbove } from './next-number.js';

/** Where trees part a feature: at numbers, or by categories. */
export interface Splits {
  /** The least numbers that some node sends elsewhere than the number before, ascending: of `x <= t` what follows `t`. */
  readonly breaks: Float64Array;
  /** Whether a node asks for `x < t`, whose break is `t` itself. */
  readonly hasBelow: boolean;
  readonly categories: Set<number>;
}

const NEVER_ASKED: Splits = { breaks: new Float64Array(0), hasBelow: false, categories: new Set() };

/** Thresholds that are tried, of all features together. */
const MOST_THRESHOLDS = 2_000;
const RANDOM_ROWS = 128;
/** One cell of so many is missing in rows that miss any. */
const MISSING_EVERY = 4;

/** SplitMix32 (Steele, Lea, Flood, OOPSLA 2014): numbers from 0 to 1 that are the same on every machine. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    let z = (state = (state + 0x9e3779b9) | 0);
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** So many of some, evenly from first to last. */
const thinned = (all: ArrayLike<number>, most: number): number[] =>
  all.length <= most
    ? Array.from(all)
    : Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]);

/**
 * Features of rows that tell whether two ways to compute trees agree: at, just below and just above up to
 * {@link MOST_THRESHOLDS} thresholds, one of every feature a row; anywhere; and with missing values.
 *
 * @param type of the features
 * @returns row by row, `width` numbers each
 */
export function probeRows(
  width: number,
  splits: ReadonlyMap<number, Splits>,
  type: 'float32' | 'float64',
): Float64Array {
  const random = uniforms(1);
  const most = Math.ceil(MOST_THRESHOLDS / Math.max(1, splits.size));
  const before = (x: number): number => -numberAbove(-x, type);
  /** The threshold of a break, and both its neighbours. */
  const beside = (x: number, hasBelow: boolean): number[] =>
    Number.isFinite(x) ? [before(before(x)), before(x), x, ...(hasBelow ? [numberAbove(x, type)] : [])] : [x];
  const edges = Array.from({ length: width }, (_, f): readonly number[] => {
    const { breaks, hasBelow, categories } = splits.get(f) ?? NEVER_ASKED;
    if (categories.size > 0) return [...thinned([...categories], most), -1, Math.max(...categories) + 1];
    return thinned(breaks, most).flatMap((x) => beside(x, hasBelow));
  });
  const anywhere = (f: number): number => {
    const own = edges[f];
    if (own.length === 0) return random();
    if (splits.get(f)!.categories.size > 0) return own[Math.floor(random() * own.length)];
    const [low, high] = [own[0], own.at(-1)!];
    return low + (random() * 1.2 - 0.1) * (high - low || 1);
  };
  const atEdges = Math.max(0, ...edges.map(({ length }) => length));
  const rows = new Float64Array((atEdges + 2 * RANDOM_ROWS) * width);
  let at = 0;
  for (let row = 0; row < atEdges; row++) {
    for (const own of edges) rows[at++] = own.length === 0 ? random() : own[row % own.length];
  }
  for (let row = 0; row < RANDOM_ROWS; row++) for (let f = 0; f < width; f++) rows[at++] = anywhere(f);
  // The same again, with gaps.
  for (let i = at - RANDOM_ROWS * width; at < rows.length; i++) {
    rows[at++] = random() * MISSING_EVERY < 1 ? NaN : rows[i];
  }
  return rows;
}
