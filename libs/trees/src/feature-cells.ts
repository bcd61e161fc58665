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

/** The numbers at which a node changes its mind. */
export function* breaksOf(ensemble: TreeEnsemble, node: number): Generator<number> {
  const { comparison, threshold, setStart, setCodes, input } = ensemble;
  // Nothing is below NaN, nor at most.
  const t = Number.isNaN(threshold[node]) ? -Infinity : threshold[node];
  if (comparison[node] === COMPARISON.member) {
    for (let i = setStart[node]; i < setStart[node + 1]; i++) {
      if (smallestFrom(setCodes[i], input) !== setCodes[i]) continue;
      yield setCodes[i];
      yield numberAbove(setCodes[i], input);
    }
  } else if (comparison[node] === COMPARISON.below || Number.isNaN(threshold[node])) {
    yield smallestFrom(t, input);
  } else if (t !== Infinity) {
    yield numberAbove(t, input);
  }
}

/** The nodes that ask each feature, by feature; leaves are none. */
export function nodesByFeature({ feature, left }: TreeEnsemble, from: number, to: number): Map<number, number[]> {
  const nodes = new Map<number, number[]>();
  for (let node = from; node < to; node++) {
    if (left[node] < 0) continue;
    const own = nodes.get(feature[node]);
    if (own) own.push(node);
    else nodes.set(feature[node], [node]);
  }
  return nodes;
}

/** Breaks of some nodes, ascending and each once. */
export function distinctBreaks(ensemble: TreeEnsemble, nodes: readonly number[]): Float64Array {
  const all = Float64Array.from(nodes.flatMap((node) => [...breaksOf(ensemble, node)])).sort();
  let kept = 0;
  for (const x of all) if (kept === 0 || x !== all[kept - 1]) all[kept++] = x;
  return all.slice(0, kept);
}

/** The cells of each feature that is asked, by feature ascending. */
export function featureCells(ensemble: TreeEnsemble): FeatureCells[] {
  const { comparison, threshold, missingLeft, left } = ensemble;
  return [...nodesByFeature(ensemble, 0, left.length)]
    .sort(([a], [b]) => a - b)
    .map(([feature, nodes]) => {
      const breaks = distinctBreaks(ensemble, nodes);
      const leftmost = missingLeft[nodes[0]];
      // Nothing is below -Infinity, but missing values may go there.
      const isOrdered =
        breaks[0] !== -Infinity &&
        nodes.every(
          (node) =>
            missingLeft[node] === leftmost &&
            comparison[node] !== COMPARISON.member &&
            (leftmost === 1 || threshold[node] !== Infinity || comparison[node] === COMPARISON.below),
        );
      const missing = isOrdered ? (leftmost ? 0 : breaks.length) : breaks.length + 1;
      return { feature, breaks, missing, isOrdered };
    });
}

/** A number of a cell; NaN of that of missing values alone. */
export const numberIn = ({ breaks }: Pick<FeatureCells, 'breaks'>, cell: number): number =>
  cell > breaks.length ? NaN : cell === 0 ? -Infinity : breaks[cell - 1];
