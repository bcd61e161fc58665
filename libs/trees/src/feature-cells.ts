import { linkLayoutKernels } from '#kernels';
import type { TreeEnsemble } from '#onnx';
import { MemoryImage } from './memory-image.js';

/** Above it is no code: a leaf, its own left child, is never left. */
export const ALL_LEFT = 2 ** 22 - 1;

/**
 * The cells of a feature: between two of them lies a break, within one every node decides alike. Cell `c` holds the
 * numbers from the break before it (`breaks[c - 1]`) to below its own.
 */
export interface FeatureCells {
  readonly feature: number;
  /** Ascending numbers of the ensemble's input type. */
  readonly breaks: Float64Array;
  /** The cell of missing values: one of the others where each node sends them where it sends that, else one more. */
  readonly missing: number;
  /** Whether each node sends the cells up to one to the left and all others to the right, missing values too. */
  readonly isOrdered: boolean;
}

/** The nodes that ask each feature, ascending, by feature ascending; leaves are none. */
export function nodesByFeature(
  { feature, left, features }: TreeEnsemble,
  from: number,
  to: number,
): { readonly feature: number; readonly nodes: Int32Array }[] {
  const ends = new Int32Array(features + 1);
  for (let node = from; node < to; node++) if (left[node] >= 0) ends[feature[node] + 1]++;
  for (let f = 0; f < features; f++) ends[f + 1] += ends[f];
  const nodes = new Int32Array(ends[features]);
  const next = ends.slice();
  for (let node = from; node < to; node++) if (left[node] >= 0) nodes[next[feature[node]]++] = node;
  const asked: { feature: number; nodes: Int32Array }[] = [];
  for (let f = 0; f < features; f++) {
    if (ends[f + 1] > ends[f]) asked.push({ feature: f, nodes: nodes.subarray(ends[f], ends[f + 1]) });
  }
  return asked;
}

/** Where nodes stand among the cells of their features. */
export interface AskedCells {
  /** Of each feature that is asked, by feature ascending. */
  readonly cells: FeatureCells[];
  /** Of each node, the last cell whose numbers go left, where it compares; of others {@link ALL_LEFT}. */
  readonly largest: Uint32Array;
}

/** What nodes of a feature do, as `breaks.ts` of the kernels tells. */
const FACT = { missingRight: 1, missingLeft: 2, asksSet: 4, sendsAllLeft: 8 } as const;
/** What `breaks.ts` of the kernels sorts by: numbers of one digit. */
const DIGITS = 2048;

/** Where nodes part the features: all, or those from `from` to before `to`. */
export function featureCells(ensemble: TreeEnsemble, from = 0, to = ensemble.left.length): AskedCells {
  const { left, feature, threshold, comparison, missingLeft, setStart, setCodes, features } = ensemble;
  const nodes = to - from;
  const isWide = ensemble.input === 'float64';
  const most = nodes + 2 * setCodes.length;
  const image = new MemoryImage();
  const given = [left, feature, threshold, comparison, missingLeft].map((array) => image.put(array.subarray(from, to)));
  given.push(image.put(setStart.subarray(from, to + 1)), image.put(setCodes));
  const [factsAt, largestAt, endsAt, breaksAt] = [features, 4 * nodes, 4 * features, 8 * most].map((bytes) =>
    image.reserve(bytes),
  );
  const keys = (isWide ? 8 : 4) * most;
  const scratch = [keys, 4 * most, keys, 4 * most, 4 * DIGITS].map((bytes) => image.reserve(bytes));
  const plan = image.put(Uint32Array.of(...given, factsAt, largestAt, endsAt, breaksAt, ...scratch));
  const memory = image.build();
  const { buffer } = memory;
  linkLayoutKernels(memory).breaks(plan, nodes, features, ALL_LEFT, isWide);
  const facts = new Uint8Array(buffer, factsAt, features);
  const ends = new Uint32Array(buffer, endsAt, features);
  const all = new Float64Array(buffer, breaksAt, most);
  const cells: FeatureCells[] = [];
  for (let f = 0; f < features; f++) {
    const fact = facts[f];
    if (fact === 0) continue;
    const breaks = all.slice(f === 0 ? 0 : ends[f - 1], ends[f]);
    const goesRight = (fact & FACT.missingLeft) === 0;
    const isAlike = goesRight || (fact & FACT.missingRight) === 0;
    // Nothing is below -Infinity, but missing values may go there; nor does one that goes right where all numbers go left.
    const isOrdered =
      isAlike &&
      (fact & FACT.asksSet) === 0 &&
      !(goesRight && (fact & FACT.sendsAllLeft) > 0) &&
      breaks[0] !== -Infinity;
    const missing = isOrdered ? (goesRight ? breaks.length : 0) : breaks.length + 1;
    cells.push({ feature: f, breaks, missing, isOrdered });
  }
  return { cells, largest: new Uint32Array(buffer, largestAt, nodes) };
}

/** A number of a cell; NaN of that of missing values alone. */
export const numberIn = ({ breaks }: Pick<FeatureCells, 'breaks'>, cell: number): number =>
  cell > breaks.length ? NaN : cell === 0 ? -Infinity : breaks[cell - 1];
