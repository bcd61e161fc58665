/** Values of a column in rising order, each once, and how many rows have it. */
export interface Frequencies {
  readonly values: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/** Bins (upper[i - 1], upper[i]] of observed values; the first holds `minimum` too. */
export interface EqualFrequencyBins {
  readonly minimum: number;
  readonly uppers: readonly number[];
  readonly counts: readonly number[];
}

/** Sorted numbers as {@link Frequencies}. */
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

/** Where bins end, as places in the frequencies: at each of the quantiles, and on both sides of a value too frequent for a bin. */
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
 * At most so many bins of about as many rows each. Values of a column of few are a bin each, and so is a value that more than
 * one bin's share of the rows have.
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
  // Values of their own leave more ends than bins: the neighbours that are fewest together become one.
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
