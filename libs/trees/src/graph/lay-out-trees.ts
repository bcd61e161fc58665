import type { LayoutMemory } from '#kernels';
import { ensembleStruct, type PlacedEnsemble } from '../placed-ensemble.js';
import { Unsupported } from './unsupported.js';

/** Operators' names of comparisons, by the number that edition 5 gives them; each is turned into `<=`, `<` or a set. */
export const MODES = ['LEQ', 'LT', 'GTE', 'GT', 'EQ', 'NEQ', 'MEMBER'] as const;
export type Mode = (typeof MODES)[number];
/** In the place of a leaf's mode. */
export const LEAF = MODES.length;

/** Numbers in the memory of layouts: float64 or float32. */
export interface PlacedFloats {
  readonly start: number;
  readonly isDouble: boolean;
}

/** Nodes as an operator lists them, by place in its lists. These are in the memory of layouts, at places in bytes. */
export interface ListedTrees {
  readonly memory: LayoutMemory;
  /** How many nodes are listed, and leaves: places of both. */
  readonly places: number;
  readonly leafPlaces: number;
  /** The places of roots; of a root that is a leaf `~place`. */
  readonly roots: readonly number[];
  /** Int32s. */
  readonly feature: number;
  readonly threshold: PlacedFloats;
  /** Places in {@link MODES}, or {@link LEAF}: bytes. */
  readonly modes: number;
  /** The categories of a node that asks for some. */
  readonly members: (place: number) => readonly number[];
  /** Bytes: 1 where a missing feature is taken as if the comparison held. */
  readonly missingTrue: number;
  /** Int32s: the place of the child where the comparison holds; of a leaf `~place` in the list of leaves. */
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly weights: LeafWeights;
}

/** What leaves add to outputs: that at place `i` those from `start[i]` to before `start[i + 1]`. */
export interface LeafWeights {
  /** Int32s. */
  readonly start: number;
  /** Int32s; 0 where all are of output 0. */
  readonly output: number;
  readonly value: PlacedFloats;
}

/**
 * Lays trees out with children behind their parents, and each comparison as `<=`, `<` or a set.
 *
 * @throws Unsupported where nodes form no trees
 */
export function layOutTrees(
  listed: ListedTrees,
  kind: Pick<PlacedEnsemble, 'features' | 'outputs' | 'input'>,
): PlacedEnsemble {
  const { memory, places, leafPlaces } = listed;
  const { kernels } = memory;
  const trees = listed.roots.length;
  const struct = listedStruct(listed);
  const most = 2 * (places + leafPlaces) + 2 * trees;
  const [codesAt, stack] = [memory.reserve(4), memory.reserve(4 * (most + 2))];
  const nodes = kernels.countNodes(struct, most, stack, codesAt);
  if (nodes < 0) throw new Unsupported('its nodes do not form trees');
  const [codes] = memory.int32s(codesAt, 1);
  const leaves = (nodes + trees) / 2;
  const sizes = { feature: 4, threshold: 8, comparison: 1, missingLeft: 1, left: 4, right: 4 };
  const perNode = Object.fromEntries(
    Object.entries(sizes).map(([name, bytes]) => [name, memory.reserve(bytes * nodes)]),
  ) as Record<keyof typeof sizes, number>;
  const [setStart, setCodes] = [memory.reserve(4 * (nodes + 1)), memory.reserve(4 * codes)];
  const [roots, firstOutput, taken] = [4 * trees, 4 * trees, 4 * leaves].map((bytes) => memory.reserve(bytes));
  const at = { ...perNode, setStart, setCodes, roots, firstOutput, leafValues: 0 };
  const laid = { ...kind, memory, nodes, trees, leaves, codes, leafWidth: 1, places: at };
  const laidStruct = ensembleStruct(laid);
  const isLarger = 2 * nodes + 2 > most;
  if (kernels.orderNodes(struct, laidStruct, isLarger ? memory.reserve(8 * (nodes + 2)) : stack, taken) < 0) {
    throw new Unsupported('a node compares a feature that the input does not have');
  }
  const isSingle = kernels.firstOutputs(struct, laidStruct, taken, kind.outputs);
  if (isSingle < 0) throw new Unsupported('a leaf value adds to an output that does not exist');
  // One value a leaf where the leaves of each tree add to one output only, else one for every output.
  const leafWidth = isSingle === 1 ? 1 : kind.outputs;
  const leafValues = memory.reserve(8 * leaves * leafWidth);
  const whole = { ...laid, leafWidth, places: { ...at, leafValues } };
  kernels.sumLeaves(struct, ensembleStruct(whole), taken, isSingle === 1);
  return whole;
}

function listedStruct(listed: ListedTrees): number {
  const { memory, places, leafPlaces, roots, feature, threshold, modes, missingTrue, whenTrue, whenFalse } = listed;
  const { start, output, value } = listed.weights;
  const [setStart, setCodes] = setsOf(listed);
  return memory.struct(
    places,
    leafPlaces,
    memory.put(Int32Array.from(roots)),
    roots.length,
    feature,
    threshold.start,
    Number(threshold.isDouble),
    modes,
    missingTrue,
    whenTrue,
    whenFalse,
    setStart,
    setCodes,
    start,
    output,
    value.start,
    Number(value.isDouble),
  );
}

const [EQ, NEQ, MEMBER] = (['EQ', 'NEQ', 'MEMBER'] as const).map((mode) => MODES.indexOf(mode));

/** The categories that nodes ask for: where those of each begin, and their codes; 0 where none asks for any. */
function setsOf({ memory, places, modes: modesAt, threshold, members }: ListedTrees): [number, number] {
  if (!memory.kernels.askSets(modesAt, places)) return [0, 0];
  const modes = memory.bytes(modesAt, places);
  const { start, isDouble } = threshold;
  const thresholds = isDouble ? memory.float64s(start, places) : memory.float32s(start, places);
  const starts = new Int32Array(places + 1);
  const codes: number[] = [];
  for (let place = 0; place < places; place++) {
    if (modes[place] === MEMBER) codes.push(...setOf(members(place)));
    else if (modes[place] === EQ || modes[place] === NEQ) codes.push(...setOf([thresholds[place]]));
    starts[place + 1] = codes.length;
  }
  return [memory.put(starts), memory.put(Int32Array.from(codes))];
}

function setOf(members: readonly number[]): number[] {
  if (!members.every((code) => Number.isInteger(code) && code >= 0 && code < 2 ** 31)) {
    throw new Unsupported('a node compares with a set of numbers that are not codes of categories');
  }
  return [...new Set(members)].sort((a, b) => a - b);
}
