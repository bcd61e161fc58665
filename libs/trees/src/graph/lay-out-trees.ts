import { COMPARISON, type TreeEnsemble } from '#onnx';
import { Unsupported } from './unsupported.js';

/** Operators' names of comparisons, by the number that edition 5 gives them; each is turned into one of {@link COMPARISON}. */
export const MODES = ['LEQ', 'LT', 'GTE', 'GT', 'EQ', 'NEQ', 'MEMBER'] as const;
export type Mode = (typeof MODES)[number];
const MEMBER = MODES.indexOf('MEMBER');

/** What leaves add to outputs: leaf `i` has those from `start[i]` to before `start[i + 1]`. */
export interface LeafWeights {
  readonly start: Int32Array;
  readonly output: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

/** Nodes as an operator lists them, by place in its lists. */
export interface ListedTrees {
  readonly roots: readonly number[];
  readonly feature: ArrayLike<number>;
  readonly threshold: ArrayLike<number>;
  /** Places in {@link MODES}. */
  readonly modes: Uint8Array;
  /** The categories of a node that asks for some. */
  readonly members: (place: number) => readonly number[];
  /** 1 where a missing feature is taken as if the comparison held. */
  readonly missingTrue: Uint8Array;
  /** The place of the child where the comparison holds; of a leaf `~place` in the list of leaves. */
  readonly whenTrue: Int32Array;
  readonly whenFalse: Int32Array;
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
type Form = ReturnType<typeof form>;

/** What is asked in place of a comparison; where it holds on the other side of the threshold, the sides change places. */
const FORM_OF: Readonly<Record<Mode, Form>> = {
  LEQ: form(COMPARISON.atMost, false),
  LT: form(COMPARISON.below, false),
  GTE: form(COMPARISON.below, true),
  GT: form(COMPARISON.atMost, true),
  EQ: form(COMPARISON.member, false),
  // NaN equals nothing.
  NEQ: form(COMPARISON.member, true, true),
  MEMBER: form(COMPARISON.member, false),
};
const FORMS = MODES.map((mode) => FORM_OF[mode]);

/**
 * Lays trees out with children behind their parents, and each comparison as `<=`, `<` or a set.
 *
 * @throws Unsupported where nodes form no trees
 */
export function layOutTrees(listed: ListedTrees, outputs: number): Laid {
  const { roots, modes, feature: features, threshold: thresholds, missingTrue, whenTrue, whenFalse } = listed;
  const capacity = countNodes(listed);
  const feature = new Int32Array(capacity);
  const threshold = new Float64Array(capacity);
  const comparison = new Uint8Array(capacity);
  const missingLeft = new Uint8Array(capacity);
  const [left, right] = [new Int32Array(capacity), new Int32Array(capacity)];
  const setStart = new Int32Array(capacity + 1);
  const setCodes: number[] = [];
  const taken = new Int32Array((capacity + roots.length) >> 1);
  const laidRoots: number[] = [];
  // Of each that waits: its place, and twice its parent, plus 1 where it is the left child.
  const waiting: number[] = [];
  let [nodes, leafCount] = [0, 0];
  for (const root of roots) {
    laidRoots.push(nodes);
    waiting[0] = root;
    waiting[1] = -1;
    for (let top = 2; top > 0;) {
      const side = waiting[--top];
      const place = waiting[--top];
      const node = nodes++;
      if (side >= 0) (side & 1 ? left : right)[side >> 1] = node;
      if (place < 0) {
        left[node] = -1;
        right[node] = leafCount;
        taken[leafCount++] = ~place;
        setStart[node + 1] = setCodes.length;
        continue;
      }
      const { asked, isTurned, missingHolds } = FORMS[modes[place]];
      feature[node] = features[place];
      comparison[node] = asked;
      missingLeft[node] = Number((missingTrue[place] === 1 || missingHolds) !== isTurned);
      if (asked !== COMPARISON.member) threshold[node] = thresholds[place];
      else setCodes.push(...setOf(modes[place] === MEMBER ? listed.members(place) : [thresholds[place]]));
      setStart[node + 1] = setCodes.length;
      waiting[top++] = isTurned ? whenTrue[place] : whenFalse[place];
      waiting[top++] = 2 * node;
      waiting[top++] = isTurned ? whenFalse[place] : whenTrue[place];
      waiting[top++] = 2 * node + 1;
    }
  }
  return {
    feature,
    threshold,
    comparison,
    missingLeft,
    left,
    right,
    cover: new Float64Array(0),
    setStart,
    setCodes: Int32Array.from(setCodes),
    roots: Int32Array.from(laidRoots),
    ...leafValues(listed, taken, left, right, laidRoots, outputs),
  };
}

/** How many nodes there are from the roots on: those below two others count for both. */
function countNodes({ roots, leaves, feature, whenTrue, whenFalse }: ListedTrees): number {
  const most = 2 * (feature.length + leaves.start.length) + 2 * roots.length;
  const waiting: number[] = [];
  let nodes = 0;
  for (const root of roots) {
    waiting[0] = root;
    for (let top = 1; top > 0;) {
      const place = waiting[--top];
      if (++nodes > most) throw new Unsupported('its nodes are no trees');
      if (place < 0) continue;
      waiting[top++] = whenFalse[place];
      waiting[top++] = whenTrue[place];
    }
  }
  return nodes;
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
  taken: Int32Array,
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
  for (let leaf = 0; leaf < taken.length; leaf++) {
    const place = taken[leaf];
    for (let i = leaves.start[place]; i < leaves.start[place + 1]; i++) {
      values[leaf * leafWidth + (isSingle ? 0 : leaves.output[i])] += leaves.value[i];
    }
  }
  return {
    leafWidth,
    leafValues: values,
    firstOutput: isSingle ? firstOutput.map((output) => Math.max(0, output)) : firstOutput.fill(0),
  };
}
