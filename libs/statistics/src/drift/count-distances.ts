/** Counts of two samples in the same bins, ascending. */
interface PairedCounts {
  readonly expected: ArrayLike<number>;
  readonly actual: ArrayLike<number>;
}

const shares = (counts: ArrayLike<number>): number[] => {
  const all = Array.from(counts);
  const rows = all.reduce((sum, count) => sum + count, 0);
  return all.map((count) => (rows === 0 ? 0 : count / rows));
};

/** Actual minus expected cumulative share, at the end of each bin. */
function cumulativeDifferences({ expected, actual }: PairedCounts): number[] {
  const [e, a] = [shares(expected), shares(actual)];
  let sum = 0;
  return e.map((share, i) => (sum += a[i] - share));
}

/** Half the sum of the absolute differences of shares: the share of rows that would have to move. */
export function totalVariation({ expected, actual }: PairedCounts): number {
  const [e, a] = [shares(expected), shares(actual)];
  return e.reduce((sum, share, i) => sum + Math.abs(a[i] - share), 0) / 2;
}

/** The largest difference of cumulative shares at the bins' ends: a lower bound of the Kolmogorov-Smirnov distance. */
export const binnedKolmogorovSmirnov = (counts: PairedCounts): number =>
  cumulativeDifferences(counts).reduce((most, difference) => Math.max(most, Math.abs(difference)), 0);

/**
 * The Jensen-Shannon distance, 0 to 1: the root of the divergence to base 2 (`scipy.spatial.distance.jensenshannon`).
 */
export function jensenShannon({ expected, actual }: PairedCounts): number {
  const [e, a] = [shares(expected), shares(actual)];
  const bits = (share: number, middle: number): number => (share === 0 ? 0 : share * Math.log2(share / middle));
  const divergence = e.reduce((sum, share, i) => {
    const middle = (share + a[i]) / 2;
    return sum + (bits(share, middle) + bits(a[i], middle)) / 2;
  }, 0);
  return Math.sqrt(Math.max(0, divergence));
}

/**
 * The Wasserstein distance, in the unit of the values: the area between the cumulative shares, with rows spread evenly
 * over their bin.
 *
 * @param edges of the bins, one more than there are bins
 */
export function binnedWasserstein(counts: PairedCounts, edges: readonly number[]): number {
  const differences = [0, ...cumulativeDifferences(counts)];
  let area = 0;
  for (let i = 1; i < differences.length; i++) {
    const [from, to, width] = [differences[i - 1], differences[i], edges[i] - edges[i - 1]];
    const crosses = from * to < 0;
    area += crosses
      ? (width * (from * from + to * to)) / (2 * (Math.abs(from) + Math.abs(to)))
      : (width * Math.abs(from + to)) / 2;
  }
  return area;
}
