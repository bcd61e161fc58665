import { COMPARISON, type TreeEnsemble } from '#onnx';
import { numberAbove, smallestFrom } from './next-number.js';

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

/** The number at which a node that compares changes its mind; none where it never does. */
export function breakOf({ comparison, threshold, input }: TreeEnsemble, node: number): number | undefined {
  const t = threshold[node];
  // Nothing is below NaN, nor at most.
  if (Number.isNaN(t)) return -Infinity;
  if (comparison[node] === COMPARISON.below) return smallestFrom(t, input);
  return t === Infinity ? undefined : numberAbove(t, input);
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

/** Breaks of some nodes, ascending and each once. */
export function distinctBreaks(ensemble: TreeEnsemble, nodes: Int32Array): Float64Array {
  const { comparison, setStart, setCodes, input } = ensemble;
  // One of a number, two of each category.
  let most = 0;
  for (let i = 0; i < nodes.length; i++) most += Math.max(1, 2 * (setStart[nodes[i] + 1] - setStart[nodes[i]]) || 0);
  const found = new Float64Array(most);
  let count = 0;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (comparison[node] !== COMPARISON.member) {
      const edge = breakOf(ensemble, node);
      if (edge !== undefined) found[count++] = edge;
      continue;
    }
    for (let c = setStart[node]; c < setStart[node + 1]; c++) {
      if (smallestFrom(setCodes[c], input) !== setCodes[c]) continue;
      found[count++] = setCodes[c];
      found[count++] = numberAbove(setCodes[c], input);
    }
  }
  const all = found.subarray(0, count).sort();
  let kept = 0;
  for (let i = 0; i < count; i++) if (kept === 0 || all[i] !== all[kept - 1]) all[kept++] = all[i];
  return all.slice(0, kept);
}

/** Whether each of some nodes compares numbers, and sends missing values where the first one does; and none sends all to the left. */
function areOrdered({ comparison, threshold, missingLeft }: TreeEnsemble, nodes: Int32Array): boolean {
  const leftmost = missingLeft[nodes[0]];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (missingLeft[node] !== leftmost || comparison[node] === COMPARISON.member) return false;
    if (leftmost === 0 && threshold[node] === Infinity && comparison[node] !== COMPARISON.below) return false;
  }
  return true;
}

/** The cells of each feature that is asked, by feature ascending. */
export function featureCells(ensemble: TreeEnsemble): FeatureCells[] {
  return nodesByFeature(ensemble, 0, ensemble.left.length).map(({ feature, nodes }) => {
    const breaks = distinctBreaks(ensemble, nodes);
    // Nothing is below -Infinity, but missing values may go there.
    const isOrdered = breaks[0] !== -Infinity && areOrdered(ensemble, nodes);
    const missing = isOrdered ? (ensemble.missingLeft[nodes[0]] ? 0 : breaks.length) : breaks.length + 1;
    return { feature, breaks, missing, isOrdered };
  });
}

/** A number of a cell; NaN of that of missing values alone. */
export const numberIn = ({ breaks }: Pick<FeatureCells, 'breaks'>, cell: number): number =>
  cell > breaks.length ? NaN : cell === 0 ? -Infinity : breaks[cell - 1];
