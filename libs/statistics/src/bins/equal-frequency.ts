/** The distinct values of a column, ascending, and the number of rows with each. */
export interface Frequencies {
  readonly values: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/** Bins (upper[i - 1], upper[i]] of observed values; the first also holds `minimum`. */
export interface EqualFrequencyBins {
  readonly minimum: number;
  readonly uppers: readonly number[];
  readonly counts: readonly number[];
}

/** Counts sorted numbers. */
export function frequenciesOfSorted(sorted: Float64Array): Frequencies {
  const values: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (value === values[values.length - 1]) counts[counts.length - 1]++;
    else {
      values.push(value);
      counts.push(1);
    }
  }
  return { values, counts };
}

/**
 * The ends of bins, as indices into the frequencies: at each quantile, and around each value too frequent for a bin.
 */
function binEnds(counts: ArrayLike<number>, rows: number, bins: number): number[] {
  const ends = new Set<number>();
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const before = sum;
    sum += counts[i];
    const isHeavy = counts[i] * bins > rows;
    if (isHeavy && i > 0) ends.add(i - 1);
    if (isHeavy || Math.floor((sum * bins) / rows) > Math.floor((before * bins) / rows)) ends.add(i);
  }
  return [...ends];
}

/**
 * At most `bins` bins of about equally many rows. Each value of a column of few values gets its own bin, and so does a
 * value that has more than one bin's share of the rows.
 *
 * @param frequencies of at least one value
 */
export function equalFrequencyBins({ values, counts }: Frequencies, bins: number): EqualFrequencyBins {
  let rows = 0;
  for (let i = 0; i < counts.length; i++) rows += counts[i];
  const ends = values.length <= bins ? Array.from(values, (_, i) => i) : binEnds(counts, rows, bins);
  let start = 0;
  const merged = ends.map((end) => {
    let count = 0;
    for (; start <= end; start++) count += counts[start];
    return { end, count };
  });
  // Bins of single values may exceed the limit: the neighbours with the fewest rows together are merged.
  while (merged.length > bins) {
    let least = 1;
    const together = (i: number): number => merged[i - 1].count + merged[i].count;
    for (let i = 2; i < merged.length; i++) if (together(i) < together(least)) least = i;
    merged.splice(least - 1, 2, { end: merged[least].end, count: together(least) });
  }
  return {
    minimum: values[0],
    uppers: merged.map(({ end }) => values[end]),
    counts: merged.map(({ count }) => count),
  };
}
