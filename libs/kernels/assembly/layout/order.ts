import { BELOW, Ensemble, floatAt, i32At, MEMBER, putI32 } from './ensemble';

/** Nodes as an operator lists them, by place in its lists; documented by `ListedTrees` of `libs/trees`. */
@unmanaged
export class OperatorNodes {
  /** Places of nodes, and of leaves. */
  places: i32;
  leafPlaces: i32;
  roots: usize;
  trees: i32;
  feature: usize;
  threshold: usize;
  isDouble: i32;
  modes: usize;
  missingTrue: usize;
  whenTrue: usize;
  whenFalse: usize;
  /** By place where its categories begin and end among the codes; 0 where no node asks for any. */
  setStart: usize;
  setCodes: usize;
  weightStart: usize;
  /** 0 where all weights are of output 0. */
  weightOutput: usize;
  weightValue: usize;
  isDoubleValue: i32;
}

/** Places in `MODES` of `libs/trees`. */
const LEQ = 0;
const LT = 1;
const GTE = 2;
const GT = 3;
const EQ = 4;
const NEQ = 5;
const MODES = 7;

/** Where the comparison holds on the other side of the threshold, the sides change places. */
function isTurned(mode: i32): bool {
  return mode == GTE || mode == GT || mode == NEQ;
}

// @ts-ignore: for the compiler of AssemblyScript
@inline
function push(stack: usize, place: i32, side: i32): void {
  store<i32>(stack, place);
  store<i32>(stack, side, 4);
}

/**
 * Counts the nodes from the roots on: those below two others count for both.
 *
 * @param stack room for `most` + 2 int32s
 * @param codes where to leave how many codes of categories there are
 * @returns how many nodes; -1 where there are more than `most`, or a place is none
 */
export function countNodes(listed: OperatorNodes, most: i32, stack: usize, codes: usize): i32 {
  let nodes = 0;
  let count = 0;
  for (let tree = 0; tree < listed.trees; tree++) {
    putI32(stack, 0, i32At(listed.roots, tree));
    for (let top = 1; top > 0; ) {
      const place = i32At(stack, --top);
      if (++nodes > most) return -1;
      if (place < 0) {
        if (~place >= listed.leafPlaces) return -1;
        continue;
      }
      if (place >= listed.places || <i32>load<u8>(listed.modes + <usize>place) >= MODES) return -1;
      if (listed.setStart) count += i32At(listed.setStart, place + 1) - i32At(listed.setStart, place);
      putI32(stack, top++, i32At(listed.whenFalse, place));
      putI32(stack, top++, i32At(listed.whenTrue, place));
    }
  }
  store<i32>(codes, count);
  return nodes;
}

/**
 * Lays nodes out with children behind their parents, and each comparison as `<=`, `<` or a set.
 *
 * @param stack room for two int32s for each node and two more
 * @param taken of each leaf its place in the list
 * @returns how many leaves; -1 where a feature is not there
 */
export function orderNodes(listed: OperatorNodes, ensemble: Ensemble, stack: usize, taken: usize): i32 {
  let nodes = 0;
  let leaves = 0;
  let codes = 0;
  for (let tree = 0; tree < listed.trees; tree++) {
    putI32(ensemble.roots, tree, nodes);
    push(stack, i32At(listed.roots, tree), -1);
    let top = stack + 8;
    while (top > stack) {
      top -= 8;
      const place = load<i32>(top);
      const side = load<i32>(top, 4);
      const node = nodes++;
      // Twice its parent, plus 1 where it is the left child.
      if (side >= 0) putI32(side & 1 ? ensemble.left : ensemble.right, side >> 1, node);
      if (place < 0) {
        putI32(ensemble.left, node, -1);
        putI32(ensemble.right, node, leaves);
        putI32(taken, leaves++, ~place);
        putI32(ensemble.setStart, node + 1, codes);
        continue;
      }
      const mode: i32 = load<u8>(listed.modes + <usize>place);
      const turned = isTurned(mode);
      const asked: u8 = mode == LEQ || mode == GT ? 0 : mode == LT || mode == GTE ? BELOW : MEMBER;
      const feature = i32At(listed.feature, place);
      if (feature < 0 || feature >= ensemble.features) return -1;
      putI32(ensemble.feature, node, feature);
      store<u8>(ensemble.comparison + <usize>node, asked);
      // NaN equals nothing.
      const holds = load<u8>(listed.missingTrue + <usize>place) == 1 || mode == NEQ;
      store<u8>(ensemble.missingLeft + <usize>node, holds != turned ? 1 : 0);
      if (asked != MEMBER) {
        store<f64>(ensemble.threshold + (<usize>node << 3), floatAt(listed.threshold, place, listed.isDouble));
      } else {
        const end = i32At(listed.setStart, place + 1);
        for (let i = i32At(listed.setStart, place); i < end; i++) putI32(ensemble.setCodes, codes++, i32At(listed.setCodes, i));
      }
      putI32(ensemble.setStart, node + 1, codes);
      const whenTrue = i32At(listed.whenTrue, place);
      const whenFalse = i32At(listed.whenFalse, place);
      push(top, turned ? whenTrue : whenFalse, 2 * node);
      push(top + 8, turned ? whenFalse : whenTrue, 2 * node + 1);
      top += 16;
    }
  }
  return leaves;
}

/**
 * Finds the first output that each tree adds to.
 *
 * @returns 1 where no tree adds to another one than its first, 0 where some do, -1 where an output is not there
 */
export function firstOutputs(listed: OperatorNodes, ensemble: Ensemble, taken: usize, outputs: i32): i32 {
  let isSingle = 1;
  for (let tree = 0; tree < ensemble.trees; tree++) {
    let first = -1;
    const end = tree + 1 < ensemble.trees ? i32At(ensemble.roots, tree + 1) : ensemble.nodes;
    for (let node = i32At(ensemble.roots, tree); node < end; node++) {
      if (i32At(ensemble.left, node) >= 0) continue;
      const place = i32At(taken, i32At(ensemble.right, node));
      const last = i32At(listed.weightStart, place + 1);
      for (let i = i32At(listed.weightStart, place); i < last; i++) {
        const output = listed.weightOutput ? i32At(listed.weightOutput, i) : 0;
        if (output < 0 || output >= outputs) return -1;
        if (first == -1) first = output;
        if (first != output) isSingle = 0;
      }
    }
    putI32(ensemble.firstOutput, tree, max(0, first));
  }
  if (!isSingle) memory.fill(ensemble.firstOutput, 0, <usize>ensemble.trees << 2);
  return isSingle;
}

/** Adds up what each leaf gives: to one value, or to one for each output. */
export function sumLeaves(listed: OperatorNodes, ensemble: Ensemble, taken: usize, isSingle: bool): void {
  for (let leaf = 0; leaf < ensemble.leaves; leaf++) {
    const place = i32At(taken, leaf);
    const end = i32At(listed.weightStart, place + 1);
    for (let i = i32At(listed.weightStart, place); i < end; i++) {
      const output = isSingle ? 0 : i32At(listed.weightOutput, i);
      const to = ensemble.leafValues + (<usize>(leaf * ensemble.leafWidth + output) << 3);
      store<f64>(to, load<f64>(to) + floatAt(listed.weightValue, i, listed.isDoubleValue));
    }
  }
}

/** Makes of numbers of nodes places: `~` of those that a flag, an int32, tells to be leaves. */
export function flagLeaves(numbers: usize, flags: usize, count: i32, to: usize): void {
  for (let i = 0; i < count; i++) {
    const number = i32At(numbers, i);
    putI32(to, i, i32At(flags, i) == 1 ? ~number : number);
  }
}

/**
 * Counts weights by the place of their leaf.
 *
 * @param starts where those of each place begin, then where all end; zeros before
 * @returns whether they stand in the order of places
 */
export function countWeights(places: usize, weights: i32, leafPlaces: i32, starts: usize): bool {
  let isInOrder = true;
  for (let i = 0; i < weights; i++) {
    const place = i32At(places, i);
    if (i > 0 && place < i32At(places, i - 1)) isInOrder = false;
    putI32(starts, place + 1, i32At(starts, place + 1) + 1);
  }
  for (let place = 0; place < leafPlaces; place++) putI32(starts, place + 1, i32At(starts, place + 1) + i32At(starts, place));
  return isInOrder;
}

/** Puts weights in the order of their places. @param next a copy of where those of each place begin */
export function sortWeights(
  places: usize,
  weights: i32,
  next: usize,
  outputs: usize,
  values: usize,
  isDouble: i32,
  toOutputs: usize,
  toValues: usize,
): void {
  for (let i = 0; i < weights; i++) {
    const at = i32At(next, i32At(places, i));
    putI32(next, i32At(places, i), at + 1);
    putI32(toOutputs, at, outputs ? i32At(outputs, i) : 0);
    store<f64>(toValues + (<usize>at << 3), floatAt(values, i, isDouble));
  }
}

/** Whether no number is negative, or NaN. */
export function areAllFrom0(values: usize, count: i32, isDouble: i32): bool {
  for (let i = 0; i < count; i++) if (!(floatAt(values, i, isDouble) >= 0)) return false;
  return true;
}

/** Whether a node asks for categories. */
export function askSets(modes: usize, count: i32): bool {
  for (let i = 0; i < count; i++) {
    const mode: i32 = load<u8>(modes + <usize>i);
    if (mode >= EQ && mode < MODES) return true;
  }
  return false;
}

/** Int32s as bytes. */
export function narrow(numbers: usize, count: i32, to: usize): void {
  for (let i = 0; i < count; i++) store<u8>(to + <usize>i, <u8>i32At(numbers, i));
}
