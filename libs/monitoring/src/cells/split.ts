/** What a split tests: missing values, values never seen, values above a cut, in a run of bins or in one bin. */
export type SplitKind = 'missing' | 'outside' | 'above' | 'between' | 'bin';

/**
 * One way of dividing a column's cells in two: cells `from` to `to` (exclusive), and the rest of its population. The order of the
 * cells is missing, below the range, bins, above the range or never seen, so that each split is a contiguous run.
 */
export interface Split {
  readonly kind: SplitKind;
  readonly from: number;
  readonly to: number;
  readonly populationFrom: number;
  readonly populationTo: number;
  /** Its part of the column's level; the weights of a column sum to at most 1. */
  readonly weight: number;
}

export const MISSING = 0;
export const BELOW = 1;
export const FIRST_BIN = 2;
/** Missing, below, above. */
export const CELLS_BESIDE_BINS = 3;

/** The splits of a column of 16 bins. */
export const MAX_SPLITS = 27;

/** Shares of rows at which a column is cut in two, counted from both ends, and the total weight of both cuts. */
const CUTS = [
  { share: 1 / 2, weight: 0.2 },
  { share: 1 / 4, weight: 0.2 },
  { share: 1 / 8, weight: 0.1 },
  { share: 1 / 16, weight: 0.05 },
] as const;
/** Shares of rows below and above the middle part of a `between` split. */
const MIDDLES = [
  { share: 1 / 4, weight: 0.1 },
  { share: 1 / 8, weight: 0.05 },
] as const;
const MISSING_WEIGHT = 0.1;
const OUTSIDE_WEIGHT = 0.1;
const BINS_WEIGHT = 0.1;

/** The bin, except the last, whose cumulative share is nearest to `share`; none in a column of one bin. */
function nearestEnd(cumulative: readonly number[], share: number): number | undefined {
  const distance = (end: number): number => Math.abs(cumulative[end] - share);
  return cumulative
    .map((_, end) => end)
    .slice(0, -1)
    .reduce<number | undefined>(
      (best, end) => (best === undefined || distance(end) < distance(best) ? end : best),
      undefined,
    );
}

/**
 * The fixed list of at most 27 splits of a column. It depends on the reference's counts alone, so a Bonferroni bound over the list
 * holds for any later rows. Equal splits are merged and their weights added.
 *
 * @param counts the bins' counts in the reference
 * @param isOrdered whether rows beyond the range lie on a side of a cut; unseen categories lie on neither
 */
export function splitsOf(counts: readonly number[], isOrdered: boolean): Split[] {
  const above = FIRST_BIN + counts.length;
  const end = above + 1;
  const present = { populationFrom: BELOW, populationTo: end };
  const known = isOrdered ? present : { populationFrom: FIRST_BIN, populationTo: above };
  const splits = new Map<string, Split>();
  const add = (split: Split): void => {
    const { from, to, populationFrom, populationTo, weight, kind } = split;
    if (from >= to || (from === populationFrom && to === populationTo)) return;
    // A run up to the end of its population is the same split as the run before it.
    const key =
      kind === 'missing' || kind === 'outside'
        ? kind
        : to === populationTo
          ? `${populationFrom}-${from}`
          : `${from}-${to}`;
    const same = splits.get(key);
    splits.set(key, same ? { ...same, weight: same.weight + weight } : split);
  };
  add({
    kind: 'missing',
    from: MISSING,
    to: BELOW,
    populationFrom: MISSING,
    populationTo: end,
    weight: MISSING_WEIGHT,
  });
  // Stored as the run of cells inside; "outside" is its complement.
  if (counts.length > 0) add({ kind: 'outside', from: FIRST_BIN, to: above, ...present, weight: OUTSIDE_WEIGHT });
  const rows = counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  const cumulative = counts.map((count) => (sum += count) / Math.max(1, rows));
  const cut = (share: number): number | undefined => nearestEnd(cumulative, share);
  for (const { share, weight } of CUTS) {
    const shares = share === 0.5 ? [share] : [share, 1 - share];
    for (const one of shares) {
      const at = cut(one);
      if (at === undefined) continue;
      const from = FIRST_BIN + at + 1;
      add({ kind: 'above', from, to: known.populationTo, ...known, weight: weight / shares.length });
    }
  }
  for (const { share, weight } of MIDDLES) {
    const [low, high] = [cut(share), cut(1 - share)];
    if (low === undefined || high === undefined) continue;
    add({ kind: 'between', from: FIRST_BIN + low + 1, to: FIRST_BIN + high + 1, ...known, weight });
  }
  counts.forEach((_, bin) => {
    const from = bin === 0 ? known.populationFrom : FIRST_BIN + bin;
    const to = bin === counts.length - 1 ? known.populationTo : FIRST_BIN + bin + 1;
    add({ kind: 'bin', from, to, ...known, weight: BINS_WEIGHT / counts.length });
  });
  return [...splits.values()];
}
