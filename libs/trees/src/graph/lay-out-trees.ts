import { COMPARISON, type TreeEnsemble } from '#onnx';
import { Unsupported } from './unsupported.js';

/** Operators' names of comparisons; all but the last four of {@link COMPARISON} are turned into one of its own. */
export type Mode = 'LEQ' | 'LT' | 'GTE' | 'GT' | 'EQ' | 'NEQ' | 'MEMBER';

/** What leaves add to outputs: leaf `i` has those from `start[i]` to before `start[i + 1]`. */
export interface LeafWeights {
  readonly start: Int32Array;
  readonly output: Int32Array;
  readonly value: Float64Array;
}

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
  /** By place. */
  readonly leaves: LeafWeights;
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

const form = (asked: number, isTurned: boolean, missingHolds = false) => ({ asked, isTurned, missingHolds });

/** What is asked in place of a comparison; where it holds on the other side of the threshold, the sides change places. */
const FORMS: Readonly<Record<Mode, ReturnType<typeof form>>> = {
  LEQ: form(COMPARISON.atMost, false),
  LT: form(COMPARISON.below, false),
  GTE: form(COMPARISON.below, true),
  GT: form(COMPARISON.atMost, true),
  EQ: form(COMPARISON.member, false),
  // NaN equals nothing.
  NEQ: form(COMPARISON.member, true, true),
  MEMBER: form(COMPARISON.member, false),
};

/**
 * Lays trees out with children behind their parents, and each comparison as `<=`, `<` or a set.
 *
 * @throws Unsupported where nodes form no trees
 */
export function layOutTrees(listed: ListedTrees, outputs: number): Laid {
  const { roots, leaves } = listed;
  const room = 2 * (listed.feature.length + leaves.start.length) + 2 * roots.length;
  const feature = new Int32Array(room);
  const threshold = new Float64Array(room);
  const comparison = new Uint8Array(room);
  const missingLeft = new Uint8Array(room);
  const [left, right] = [new Int32Array(room), new Int32Array(room)];
  const setStart = new Int32Array(room + 1);
  const setCodes: number[] = [];
  const taken: number[] = [];
  const laidRoots: number[] = [];
  let nodes = 0;
  for (const root of roots) {
    laidRoots.push(nodes);
    // Of each that waits: its place, and twice its parent, plus 1 where it is the left child.
    const waiting = [root, -1];
    while (waiting.length > 0) {
      const side = waiting.pop()!;
      const place = waiting.pop()!;
      const node = nodes++;
      if (node >= room) throw new Unsupported('its nodes are no trees');
      if (side >= 0) (side & 1 ? left : right)[side >> 1] = node;
      if (place < 0) {
        left[node] = -1;
        right[node] = taken.push(~place) - 1;
        setStart[node + 1] = setCodes.length;
        continue;
      }
      const mode = listed.mode(place);
      const { asked, isTurned, missingHolds } = FORMS[mode];
      const isSet = asked === COMPARISON.member;
      const missingTrue = listed.missingTrue[place] === 1 || missingHolds;
      feature[node] = listed.feature[place];
      if (!isSet) threshold[node] = listed.threshold[place];
      comparison[node] = asked;
      missingLeft[node] = Number(missingTrue !== isTurned);
      if (isSet) setCodes.push(...setOf(mode === 'MEMBER' ? listed.members(place) : [listed.threshold[place]]));
      setStart[node + 1] = setCodes.length;
      const [whenTrue, whenFalse] = [listed.whenTrue[place], listed.whenFalse[place]];
      waiting.push(isTurned ? whenTrue : whenFalse, 2 * node, isTurned ? whenFalse : whenTrue, 2 * node + 1);
    }
  }
  return {
    feature: feature.subarray(0, nodes),
    threshold: threshold.subarray(0, nodes),
    comparison: comparison.subarray(0, nodes),
    missingLeft: missingLeft.subarray(0, nodes),
    left: left.subarray(0, nodes),
    right: right.subarray(0, nodes),
    cover: new Float64Array(0),
    setStart: setStart.subarray(0, nodes + 1),
    setCodes: Int32Array.from(setCodes),
    roots: Int32Array.from(laidRoots),
    ...leafValues(listed, taken, left.subarray(0, nodes), right, laidRoots, outputs),
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
  left: Int32Array,
  right: Int32Array,
  roots: readonly number[],
  outputs: number,
): Pick<TreeEnsemble, 'firstOutput' | 'leafWidth' | 'leafValues'> {
  const firstOutput = new Int32Array(roots.length).fill(-1);
  let isSingle = true;
  let tree = -1;
  for (let node = 0; node < left.length; node++) {
    if (node === roots[tree + 1]) tree++;
    if (left[node] >= 0) continue;
    const place = taken[right[node]];
    for (let i = leaves.start[place]; i < leaves.start[place + 1]; i++) {
      const output = leaves.output[i];
      if (output < 0 || output >= outputs) throw new Unsupported('its leaves add to an output that is not there');
      if (firstOutput[tree] === -1) firstOutput[tree] = output;
      isSingle &&= firstOutput[tree] === output;
    }
  }
  const leafWidth = isSingle ? 1 : outputs;
  const values = new Float64Array(taken.length * leafWidth);
  taken.forEach((place, leaf) => {
    for (let i = leaves.start[place]; i < leaves.start[place + 1]; i++) {
      values[leaf * leafWidth + (isSingle ? 0 : leaves.output[i])] += leaves.value[i];
    }
  });
  return {
    leafWidth,
    leafValues: values,
    firstOutput: isSingle ? firstOutput.map((output) => Math.max(0, output)) : firstOutput.fill(0),
  };
}
