import { RandomStream } from '#kit';
import { equalFrequencyBins, frequenciesOfSorted } from '#statistics';

/** The bins of a column, not counting the cells of missing and unknown values. */
export const MAX_BINS = 16;
/** In a column of many values, a value with at least this many rows gets a bin of its own. */
const LEAST_OWN_ROWS = 20;

/** Row counts of a numeric column: bins (uppers[i - 1], uppers[i]], the first of which also holds `minimum`. */
export interface NumberCells {
  readonly missing: number;
  /** Null where all values are missing. */
  readonly minimum: number | null;
  readonly uppers: readonly number[];
  readonly counts: readonly number[];
}

/** Row counts of a categorical column: the most frequent values first. */
export interface CategoryCells {
  readonly missing: number;
  readonly values: readonly (string | number)[];
  readonly counts: readonly number[];
  /** Rows of all other values of the vocabulary. */
  readonly other: number;
  /** Values of the vocabulary that occur in exactly one row. */
  readonly singletons: number;
  /** Rows of values that the vocabulary does not hold. */
  readonly unseen: number;
}

/** The cells in which later rows of a column are counted, with the counts of the reference rows. */
export type ColumnCells = NumberCells | CategoryCells;

/** @param values NaN is missing */
export function numberCells(values: Float64Array): NumberCells {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const missing = values.length - sorted.length;
  if (sorted.length === 0) return { missing, minimum: null, uppers: [], counts: [] };
  return { missing, ...equalFrequencyBins(frequenciesOfSorted(sorted), MAX_BINS) };
}

/** Codes of the values by falling frequency; ties in random order, as any fixed order would favour some values. */
function codesByFrequency(counts: readonly number[]): number[] {
  const codes = Int32Array.from(counts, (_, code) => code).filter((code) => counts[code] > 0);
  new RandomStream(0, counts.length).shuffle(codes);
  return Array.from(codes).sort((a, b) => counts[b] - counts[a]);
}

/**
 * @param codes indices into the vocabulary; NaN is missing, a negative code is a value outside the vocabulary
 * @param rows how many rows have each of the codes; one each when not given
 */
export function categoryCells(
  codes: Float64Array,
  vocabulary: readonly (string | number)[],
  rows?: ArrayLike<number>,
): CategoryCells {
  const counts = new Array<number>(vocabulary.length).fill(0);
  let [missing, unseen] = [0, 0];
  codes.forEach((code, i) => {
    const weight = rows ? rows[i] : 1;
    if (Number.isNaN(code)) missing += weight;
    else if (code < 0) unseen += weight;
    else counts[code] += weight;
  });
  const ranked = codesByFrequency(counts);
  const own =
    ranked.length <= MAX_BINS ? ranked : ranked.slice(0, MAX_BINS - 1).filter((code) => counts[code] >= LEAST_OWN_ROWS);
  const sum = (some: readonly number[]): number => some.reduce((rows, code) => rows + counts[code], 0);
  return {
    missing,
    values: own.map((code) => vocabulary[code]),
    counts: own.map((code) => counts[code]),
    other: sum(ranked) - sum(own),
    singletons: counts.filter((count) => count === 1).length,
    unseen,
  };
}
