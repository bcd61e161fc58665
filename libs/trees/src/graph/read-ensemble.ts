import type { LayoutMemory } from '#kernels';
import { ELEMENT, NumberList, type ScannedNode, type TreeEnsemble } from '#onnx';
import type { PlacedEnsemble } from '../placed-ensemble.js';
import {
  layOutTrees,
  LEAF,
  type LeafWeights,
  type ListedTrees,
  type Mode,
  MODES,
  type PlacedFloats,
} from './lay-out-trees.js';
import { NodeIndex } from './node-index.js';
import { Unsupported } from './unsupported.js';

/** An operator's trees and what it makes of their sums. */
export interface ReadEnsemble {
  readonly ensemble: PlacedEnsemble;
  /** The initial value of each output. */
  readonly baseValues: Float64Array;
  /** Whether sums are divided by the number of trees. */
  readonly isMean: boolean;
  /** The type that leaves add up in. */
  readonly sums: 'float32' | 'float64';
  /** That of the scores it gives. */
  readonly given: 'float32' | 'float64';
  readonly ending: Ending;
  /** Labels of the classes, of a classifier. */
  readonly labels?: readonly (string | number)[];
  /** Of a classifier of two classes that adds up the second one alone: whether that sum is a share. */
  readonly secondAlone?: 'share' | 'margin';
}

const utf8 = new TextDecoder();

/** A list of an operator in the memory of layouts. */
interface List extends PlacedFloats {
  readonly size: number;
  readonly isWhole: boolean;
}

/** Reads lists of an operator where the memory of layouts holds them. */
class Lists {
  constructor(
    readonly memory: LayoutMemory,
    private readonly node: ScannedNode,
  ) {}

  /** Numbers of an attribute, which may be a tensor. */
  of(name: string): List {
    const { numbers, tensor } = this.node.attributes.get(name) ?? {};
    const given = tensor?.numbers;
    if (!given) return numbers ?? new NumberList(this.memory);
    return {
      start: this.memory.put(given),
      size: given.length,
      isDouble: given instanceof Float64Array,
      isWhole: given instanceof Int32Array,
    };
  }

  /** The first of two attributes that has any. */
  either(name: string, other: string): List {
    const first = this.of(name);
    return first.size > 0 ? first : this.of(other);
  }

  /** @returns where `size` int32s are */
  wholes(name: string, size: number): number {
    const list = this.of(name);
    if (list.size !== size) throw new Unsupported(`it has ${list.size} ${name}; expected ${size}`);
    if (list.isWhole || size === 0) return list.start;
    const numbers = this.numbers(list);
    if (numbers.some((x) => (x | 0) !== x)) throw new Unsupported(`its ${name} do not fit in 32 bits`);
    return this.memory.put(Int32Array.from(numbers));
  }

  /** @returns where `size` bytes are */
  bytes(name: string, size: number): number {
    const [from, to] = [this.wholes(name, size), this.memory.reserve(size)];
    this.memory.kernels.narrow(from, size, to);
    return to;
  }

  /** Whether a missing feature is taken as if the comparison held, in bytes: nowhere unless told for all nodes. */
  missingTrue(size: number): number {
    const name = 'nodes_missing_value_tracks_true';
    return this.of(name).size === size ? this.bytes(name, size) : this.memory.reserve(size);
  }

  numbers({ start, size, isDouble, isWhole }: List): number[] {
    const { memory } = this;
    if (size === 0) return [];
    return [
      ...(isDouble
        ? memory.float64s(start, size)
        : isWhole
          ? memory.int32s(start, size)
          : memory.float32s(start, size)),
    ];
  }
}

const textOf = ({ attributes }: ScannedNode, name: string, absent: string): string =>
  attributes.get(name)?.text ?? absent;

/**
 * Reads an operator of trees: TreeEnsembleClassifier and TreeEnsembleRegressor of ai.onnx.ml 1 to 3, TreeEnsemble of 5.
 *
 * Source: https://github.com/onnx/onnx/blob/main/docs/Operators-ml.md
 *
 * @param memory where its lists are
 * @param input what its features are compared as; `wide` says whether they come as float64
 * @throws Unsupported where it does what the kernel does not
 */
export function readEnsemble(
  memory: LayoutMemory,
  node: ScannedNode,
  { features, input, wide }: { features: number; input: TreeEnsemble['input']; wide: boolean },
): ReadEnsemble {
  const lists = new Lists(memory, node);
  const { trees, outputs, ...read } =
    node.op === 'TreeEnsemble' ? ofEdition5(node, lists) : ofEdition3(node, lists, wide);
  if (trees.roots.length === 0) throw new Unsupported('it holds no trees');
  const ensemble = layOutTrees(trees, { features, outputs, input });
  return { ...read, ensemble, given: node.op === 'TreeEnsemble' ? read.sums : 'float32' };
}

interface Read extends Omit<ReadEnsemble, 'ensemble' | 'given'> {
  readonly trees: ListedTrees;
  readonly outputs: number;
}

/** What an operator of trees may do with its sums itself. */
const ENDINGS = ['NONE', 'LOGISTIC', 'SOFTMAX'] as const;
export type Ending = (typeof ENDINGS)[number];
/** The same in edition 5, whose further ones are not among them. */
const ENDING_NUMBERS: readonly Ending[] = ['NONE', 'SOFTMAX', 'LOGISTIC'];

/** `BRANCH_LEQ` and so on, told apart by length and the letter behind `BRANCH_`. */
function modeOf(text: Uint8Array): Mode {
  const isLong = text.length === 10;
  switch (String.fromCharCode(text[7])) {
    case 'L':
      return isLong ? 'LEQ' : 'LT';
    case 'G':
      return isLong ? 'GTE' : 'GT';
    case 'E':
      return 'EQ';
    case 'N':
      return 'NEQ';
    default:
      throw new Unsupported(`it compares by ${utf8.decode(text)} in nodes_modes, which the kernel does not know`);
  }
}

/** Of each node's mode its place in {@link MODES}, or {@link LEAF}: bytes. */
function modesOf(memory: LayoutMemory, { attributes }: ScannedNode, size: number): number {
  const { texts = [], textPlaces } = attributes.get('nodes_modes') ?? {};
  if (textPlaces?.size !== size) throw new Unsupported('it has another number of nodes_modes than of nodes');
  const known = Uint8Array.from(texts, (text) => (text.length === 4 ? LEAF : MODES.indexOf(modeOf(text))));
  const [numberOf, modes] = [memory.put(known), memory.reserve(size)];
  memory.kernels.bytesOf(textPlaces.start, size, numberOf, modes);
  return modes;
}

function ofEdition3(node: ScannedNode, lists: Lists, wide: boolean): Read {
  const { memory } = lists;
  const isClassifier = node.op === 'TreeEnsembleClassifier';
  const prefix = isClassifier ? 'class' : 'target';
  const aggregate = textOf(node, 'aggregate_function', 'SUM');
  if (aggregate !== 'SUM' && aggregate !== 'AVERAGE')
    throw new Unsupported(`its aggregate_function is ${aggregate}, not SUM or AVERAGE`);
  const ending = textOf(node, 'post_transform', 'NONE');
  if (!ENDINGS.includes(ending as Ending))
    throw new Unsupported(`its post_transform is ${ending}, not one of ${ENDINGS.join(', ')}`);
  const count = lists.of('nodes_treeids').size;
  const modes = modesOf(memory, node, count);
  const treeIds = lists.wholes('nodes_treeids', count);
  const nodes = new NodeIndex(memory, treeIds, lists.wholes('nodes_nodeids', count), count);
  const threshold = lists.either('nodes_values_as_tensor', 'nodes_values');
  if (threshold.size !== count) throw new Unsupported('it has another number of thresholds than of nodes');
  const value = lists.either(`${prefix}_weights_as_tensor`, `${prefix}_weights`);
  const weightIds = lists.wholes(`${prefix}_ids`, value.size);
  const labels = isClassifier ? labelsOf(node, lists) : undefined;
  const isSecondAlone = labels?.length === 2 && value.size > 0 && memory.kernels.areAlike(weightIds, value.size) === 1;
  const outputs = isSecondAlone ? 1 : (labels?.length ?? node.attributes.get('n_targets')?.number ?? 1);
  const weightTrees = lists.wholes(`${prefix}_treeids`, value.size);
  const weightNodes = lists.wholes(`${prefix}_nodeids`, value.size);
  const leafPlaces = nodes.leafPlaces(weightTrees, weightNodes, value.size, modes);
  const weights = weightsOf(memory, count, leafPlaces, isSecondAlone ? 0 : weightIds, value);
  const isShare = isSecondAlone && memory.kernels.areAllFrom0(value.start, value.size, Number(value.isDouble)) === 1;
  const base = lists.numbers(lists.either('base_values_as_tensor', 'base_values'));
  if (base.length !== 0 && (base.length !== outputs || isSecondAlone)) {
    throw new Unsupported(`it has ${base.length} base values for ${outputs} outputs`);
  }
  const isLeaf = memory.bytes(modes, count);
  const roots = nodes.roots.map((root) => (isLeaf[root] === LEAF ? ~root : root));
  return {
    trees: {
      memory,
      places: count,
      leafPlaces: count,
      roots,
      feature: lists.wholes('nodes_featureids', count),
      threshold,
      modes,
      members: () => [],
      missingTrue: lists.missingTrue(count),
      whenTrue: nodes.children(lists.wholes('nodes_truenodeids', count), modes),
      whenFalse: nodes.children(lists.wholes('nodes_falsenodeids', count), modes),
      weights,
    },
    outputs,
    baseValues: base.length > 0 ? Float64Array.from(base) : new Float64Array(outputs),
    isMean: aggregate === 'AVERAGE',
    ending: ending as Ending,
    sums: wide ? 'float64' : 'float32',
    labels,
    ...(isSecondAlone && { secondAlone: isShare ? 'share' : 'margin' }),
  };
}

/**
 * What leaves add, each one's together and in the order given.
 *
 * @param leafPlaces the place of the leaf of each
 * @param output of each; 0 where all are of output 0
 */
function weightsOf(memory: LayoutMemory, places: number, leafPlaces: number, output: number, value: List): LeafWeights {
  const start = memory.reserve(4 * (places + 1));
  const isInOrder = memory.kernels.countWeights(leafPlaces, value.size, places, start) === 1;
  if (isInOrder) return { start, output, value };
  const next = memory.put(memory.int32s(start, places).slice());
  const [outputs, values] = [memory.reserve(4 * value.size), memory.reserve(8 * value.size)];
  const isDouble = Number(value.isDouble);
  memory.kernels.sortWeights(leafPlaces, value.size, next, output, value.start, isDouble, outputs, values);
  return { start, output: outputs, value: { start: values, isDouble: true } };
}

function labelsOf(node: ScannedNode, lists: Lists): readonly (string | number)[] {
  const texts = node.attributes.get('classlabels_strings')?.texts ?? [];
  return texts.length > 0 ? texts.map((text) => utf8.decode(text)) : lists.numbers(lists.of('classlabels_int64s'));
}

const AVERAGE = 0;
const SUM = 1;

function ofEdition5(node: ScannedNode, lists: Lists): Read {
  const { memory } = lists;
  const aggregate = node.attributes.get('aggregate_function')?.number ?? SUM;
  if (aggregate !== SUM && aggregate !== AVERAGE)
    throw new Unsupported('its aggregate_function is MIN or MAX, not SUM or AVERAGE');
  const ending = ENDING_NUMBERS[node.attributes.get('post_transform')?.number ?? 0];
  if (!ending) throw new Unsupported('its post_transform is another one than NONE, LOGISTIC or SOFTMAX');
  const splits = node.attributes.get('nodes_splits')?.tensor;
  const threshold = lists.of('nodes_splits');
  const places = threshold.size;
  const modes = lists.bytes('nodes_modes', places);
  const outputs = node.attributes.get('n_targets')?.number ?? 1;
  const value = lists.of('leaf_weights');
  const leafPlaces = value.size;
  const child = (ids: string, areLeaves: string): number => {
    const [from, flags, to] = [lists.wholes(ids, places), lists.wholes(areLeaves, places), memory.reserve(4 * places)];
    memory.kernels.flagLeaves(from, flags, places, to);
    return to;
  };
  const listed = lists.numbers(lists.of('membership_values'));
  const members = membersOf(memory.bytes(modes, places), listed);
  return {
    trees: {
      memory,
      places,
      leafPlaces,
      roots: lists.numbers(lists.of('tree_roots')),
      feature: lists.wholes('nodes_featureids', places),
      threshold,
      modes,
      members: (place) => members.get(place) ?? [],
      missingTrue: lists.missingTrue(places),
      whenTrue: child('nodes_truenodeids', 'nodes_trueleafs'),
      whenFalse: child('nodes_falsenodeids', 'nodes_falseleafs'),
      weights: {
        start: memory.put(Int32Array.from({ length: leafPlaces + 1 }, (_, i) => i)),
        output: lists.wholes('leaf_targetids', leafPlaces),
        value,
      },
    },
    outputs,
    baseValues: new Float64Array(outputs),
    isMean: aggregate === AVERAGE,
    ending,
    sums: splits?.type === ELEMENT.double ? 'float64' : 'float32',
  };
}

const MEMBER = MODES.indexOf('MEMBER');

/** The categories of nodes that ask for some: these are listed one node after the other, with NaN between. */
function membersOf(modes: Uint8Array, lists: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const members = new Map<number, number[]>();
  if (!modes.includes(MEMBER)) return members;
  let at = 0;
  modes.forEach((mode, place) => {
    if (mode !== MEMBER) return;
    const own: number[] = [];
    while (at < lists.length && !Number.isNaN(lists[at])) own.push(lists[at++]);
    members.set(place, own);
    at++;
  });
  return members;
}
