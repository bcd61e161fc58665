import { COMPARISON, type TreeEnsemble } from '#onnx';
import { Unsupported } from './unsupported.js';

/** Operators' names of comparisons; all but the last four of {@link COMPARISON} are turned into one of its own. */
export type Mode = 'LEQ' | 'LT' | 'GTE' | 'GT' | 'EQ' | 'NEQ' | 'MEMBER';

/** Nodes as an operator lists them, by place in its lists. */
export interface ListedTrees {
  readonly roots: readonly number[];
  readonly feature: ArrayLike<number>;
  readonly threshold: ArrayLike<number>;
  readonly mode: (place: number) => Mode;
  /** The categories of a node that asks for some. */
  readonly members: (place: number) => readonly number[];
  /** 1 where a missing feature is taken as if the comparison held. */
  readonly missingTrue: ArrayLike<number>;
  /** The place of the child where the comparison holds; of a leaf `~place` in the list of leaves. */
  readonly whenTrue: ArrayLike<number>;
  readonly whenFalse: ArrayLike<number>;
  /** By place: outputs and what the leaf adds to them. */
  readonly leaves: readonly (readonly { readonly output: number; readonly value: number }[])[];
}

type Laid = Pick<
  TreeEnsemble,
  | 'feature'
  | 'threshold'
  | 'comparison'
  | 'missingLeft'
  | 'left'
  | 'right'
  | 'cover'
  | 'setStart'
  | 'setCodes'
  | 'roots'
  | 'firstOutput'
  | 'leafWidth'
  | 'leafValues'
>;

/**
 * Lays trees out with children behind their parents, and each comparison as `<=`, `<` or a set.
 *
 * @throws Unsupported where nodes form no trees
 */
export function layOutTrees(listed: ListedTrees, outputs: number): Laid {
  const { roots, leaves } = listed;
  const most = 2 * (listed.feature.length + leaves.length) + 2 * roots.length;
  const [feature, threshold, comparison, missingLeft, left, right, setStart, setCodes, taken]: number[][] = [
    ...[[], [], [], [], [], [], [0], [], []],
  ];
  const laidRoots: number[] = [];
  for (const root of roots) {
    laidRoots.push(left.length);
    const waiting = [{ place: root, parent: -1, isLeft: false }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { place, parent, isLeft } = next;
      const node = left.length;
      if (node > most) throw new Unsupported('its nodes are no trees');
      if (parent >= 0) (isLeft ? left : right)[parent] = node;
      const isEnd = place < 0;
      const mode = isEnd ? 'LEQ' : listed.mode(place);
      // Where it holds on the other side of the threshold, the sides change places; NaN equals nothing.
      const isTurned = mode === 'GTE' || mode === 'GT' || mode === 'NEQ';
      const isSet = mode === 'MEMBER' || mode === 'EQ' || mode === 'NEQ';
      const missingTrue = listed.missingTrue[place] === 1 || mode === 'NEQ';
      feature.push(isEnd ? 0 : listed.feature[place]);
      threshold.push(isEnd || isSet ? 0 : listed.threshold[place]);
      comparison.push(
        isSet ? COMPARISON.member : mode === 'LT' || mode === 'GTE' ? COMPARISON.below : COMPARISON.atMost,
      );
      missingLeft.push(Number(!isEnd && missingTrue !== isTurned));
      if (isSet && !isEnd)
        setCodes.push(...setOf(mode === 'MEMBER' ? listed.members(place) : [listed.threshold[place]]));
      setStart.push(setCodes.length);
      left.push(-1);
      right.push(isEnd ? taken.push(~place) - 1 : -1);
      if (isEnd) continue;
      const sides = [listed.whenTrue[place], listed.whenFalse[place]];
      if (isTurned) sides.reverse();
      waiting.push({ place: sides[1], parent: node, isLeft: false }, { place: sides[0], parent: node, isLeft: true });
    }
  }
  return {
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    comparison: Uint8Array.from(comparison),
    missingLeft: Uint8Array.from(missingLeft),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    cover: new Float64Array(0),
    setStart: Int32Array.from(setStart),
    setCodes: Int32Array.from(setCodes),
    roots: Int32Array.from(laidRoots),
    ...leafValues(listed, taken, left, right, laidRoots, outputs),
  };
}

function setOf(members: readonly number[]): number[] {
  if (!members.every((code) => Number.isInteger(code) && code >= 0 && code < 2 ** 31)) {
    throw new Unsupported('it asks for sets of numbers that are no categories');
  }
  return [...new Set(members)].sort((a, b) => a - b);
}

/** One value a leaf where the leaves of each tree add to one output only, else one for every output. */
function leafValues(
  { leaves }: ListedTrees,
  taken: readonly number[],
  left: readonly number[],
  right: readonly number[],
  roots: readonly number[],
  outputs: number,
): Pick<TreeEnsemble, 'firstOutput' | 'leafWidth' | 'leafValues'> {
  const firstOutput = new Int32Array(roots.length).fill(-1);
  let isSingle = true;
  let tree = -1;
  for (let node = 0; node < left.length; node++) {
    if (node === roots[tree + 1]) tree++;
    if (left[node] >= 0) continue;
    for (const { output } of leaves[taken[right[node]]]) {
      if (output < 0 || output >= outputs) throw new Unsupported('its leaves add to an output that is not there');
      if (firstOutput[tree] === -1) firstOutput[tree] = output;
      isSingle &&= firstOutput[tree] === output;
    }
  }
  const leafWidth = isSingle ? 1 : outputs;
  const values = new Float64Array(taken.length * leafWidth);
  taken.forEach((place, leaf) => {
    for (const { output, value } of leaves[place]) values[leaf * leafWidth + (isSingle ? 0 : output)] += value;
  });
  return {
    leafWidth,
    leafValues: values,
    firstOutput: isSingle ? firstOutput.map((output) => Math.max(0, output)) : firstOutput.fill(0),
  };
}
