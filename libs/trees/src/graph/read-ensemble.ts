import { ELEMENT, type ScannedNode, type TreeEnsemble } from '#onnx';
import { layOutTrees, type LeafWeights, type ListedTrees, type Mode } from './lay-out-trees.js';
import { Unsupported } from './unsupported.js';

/** An operator's trees and what it makes of their sums. */
export interface ReadEnsemble {
  readonly ensemble: TreeEnsemble;
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
const NONE = new Float64Array(0);

const numbersOf = ({ attributes }: ScannedNode, name: string): Float64Array => {
  const { numbers, tensor } = attributes.get(name) ?? {};
  return tensor?.numbers ?? numbers ?? NONE;
};
const textOf = ({ attributes }: ScannedNode, name: string, absent: string): string =>
  attributes.get(name)?.text ?? absent;

/**
 * Reads an operator of trees: TreeEnsembleClassifier and TreeEnsembleRegressor of ai.onnx.ml 1 to 3, TreeEnsemble of 5.
 *
 * Source: https://github.com/onnx/onnx/blob/main/docs/Operators-ml.md
 *
 * @param input what its features are compared as; `wide` says whether they come as float64
 * @throws Unsupported where it does what the kernel does not
 */
export function readEnsemble(
  node: ScannedNode,
  { features, input, wide }: { features: number; input: TreeEnsemble['input']; wide: boolean },
): ReadEnsemble {
  const read = node.op === 'TreeEnsemble' ? ofEdition5(node) : ofEdition3(node, wide);
  if (read.trees.roots.length === 0) throw new Unsupported('it holds no trees');
  const ensemble: TreeEnsemble = {
    features,
    input,
    outputs: read.outputs,
    ...layOutTrees(read.trees, read.outputs),
    baseValues: read.baseValues,
    join: read.isMean ? 'mean' : 'sum',
    link: 'identity',
  };
  for (let node = 0; node < ensemble.feature.length; node++) {
    if (ensemble.feature[node] < 0 || ensemble.feature[node] >= features) {
      throw new Unsupported('it asks for a feature that is not there');
    }
  }
  const { sums, ending, labels, secondAlone } = read;
  return { ensemble, sums, ending, given: node.op === 'TreeEnsemble' ? sums : 'float32', labels, secondAlone };
}

interface Read {
  readonly trees: ListedTrees;
  readonly outputs: number;
  readonly baseValues: Float64Array;
  readonly isMean: boolean;
  readonly ending: Ending;
  readonly sums: 'float32' | 'float64';
  readonly labels?: readonly (string | number)[];
  readonly secondAlone?: 'share' | 'margin';
}

/** What an operator of trees may do with its sums itself. */
const ENDINGS = ['NONE', 'LOGISTIC', 'SOFTMAX'] as const;
export type Ending = (typeof ENDINGS)[number];
/** The same in edition 5, whose further ones are not among them. */
const ENDING_NUMBERS: readonly Ending[] = ['NONE', 'SOFTMAX', 'LOGISTIC'];

/** `BRANCH_LEQ` and so on, told apart by length and the letter behind `BRANCH_`. */
function modeOf(text: Uint8Array): Mode | 'LEAF' {
  if (text.length === 4) return 'LEAF';
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
      throw new Unsupported(`it compares by ${utf8.decode(text)}`);
  }
}

/** Texts that are the same are mostly one and the same array. */
function modesOf(texts: readonly Uint8Array[]): (Mode | 'LEAF')[] {
  const known = new Map<Uint8Array, Mode | 'LEAF'>();
  const modes: (Mode | 'LEAF')[] = [];
  let last: Uint8Array | undefined;
  let mode: Mode | 'LEAF' = 'LEAF';
  for (let i = 0; i < texts.length; i++) {
    if (texts[i] !== last) {
      last = texts[i];
      mode = known.get(last) ?? modeOf(last);
      known.set(last, mode);
    }
    modes.push(mode);
  }
  return modes;
}

/** Whether all numbers are the same, and there are some. */
function areAlike(numbers: Float64Array): boolean {
  for (let i = 1; i < numbers.length; i++) if (numbers[i] !== numbers[0]) return false;
  return numbers.length > 0;
}

function ofEdition3(node: ScannedNode, wide: boolean): Read {
  const isClassifier = node.op === 'TreeEnsembleClassifier';
  const prefix = isClassifier ? 'class' : 'target';
  const aggregate = textOf(node, 'aggregate_function', 'SUM');
  if (aggregate !== 'SUM' && aggregate !== 'AVERAGE') throw new Unsupported(`it joins trees by ${aggregate}`);
  const ending = textOf(node, 'post_transform', 'NONE');
  if (!ENDINGS.includes(ending as Ending)) throw new Unsupported(`it ends with ${ending}`);
  const treeIds = numbersOf(node, 'nodes_treeids');
  const nodeIds = numbersOf(node, 'nodes_nodeids');
  const count = treeIds.length;
  const modes = modesOf(node.attributes.get('nodes_modes')?.texts ?? []);
  const asTensor = node.attributes.get('nodes_values_as_tensor')?.tensor?.numbers;
  const threshold = asTensor ?? numbersOf(node, 'nodes_values');
  const given = numbersOf(node, 'nodes_missing_value_tracks_true');
  const nodes = new NodeIndex(treeIds, nodeIds);
  const child = (ids: Float64Array): Int32Array => {
    const children = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      if (modes[i] === 'LEAF') continue;
      const place = nodes.find(treeIds[i], ids[i]);
      children[i] = modes[place] === 'LEAF' ? ~place : place;
    }
    return children;
  };

  const weightIds = numbersOf(node, `${prefix}_ids`);
  const weights =
    node.attributes.get(`${prefix}_weights_as_tensor`)?.tensor?.numbers ?? numbersOf(node, `${prefix}_weights`);
  const labels = isClassifier ? labelsOf(node) : undefined;
  const isSecondAlone = labels?.length === 2 && areAlike(weightIds);
  const outputs = isSecondAlone ? 1 : (labels?.length ?? node.attributes.get('n_targets')?.number ?? 1);
  const weightTrees = numbersOf(node, `${prefix}_treeids`);
  const weightNodes = numbersOf(node, `${prefix}_nodeids`);
  const leafPlaces = new Int32Array(weights.length);
  for (let i = 0; i < weights.length; i++) {
    leafPlaces[i] = nodes.find(weightTrees[i], weightNodes[i]);
    if (modes[leafPlaces[i]] !== 'LEAF') throw new Unsupported('a node of it that is no leaf has a value');
  }
  const leaves = gatherWeights(
    count,
    leafPlaces,
    isSecondAlone ? new Float64Array(weights.length) : weightIds,
    weights,
  );
  const base = node.attributes.get('base_values_as_tensor')?.tensor?.numbers ?? numbersOf(node, 'base_values');
  if (base.length !== 0 && (base.length !== outputs || isSecondAlone)) {
    throw new Unsupported(`it has ${base.length} base values for ${outputs} outputs`);
  }
  return {
    trees: {
      roots: nodes.roots.map((root) => (modes[root] === 'LEAF' ? ~root : root)),
      feature: numbersOf(node, 'nodes_featureids'),
      threshold,
      mode: (place) => modes[place] as Mode,
      members: () => [],
      missingTrue: given.length === count ? given : new Uint8Array(count),
      whenTrue: child(numbersOf(node, 'nodes_truenodeids')),
      whenFalse: child(numbersOf(node, 'nodes_falsenodeids')),
      leaves,
    },
    outputs,
    baseValues: base.length > 0 ? base : new Float64Array(outputs),
    isMean: aggregate === 'AVERAGE',
    ending: ending as Ending,
    sums: wide ? 'float64' : 'float32',
    labels,
    ...(isSecondAlone && { secondAlone: weights.every((weight) => weight >= 0) ? 'share' : 'margin' }),
  };
}

/** Nodes are numbered within their tree, more or less from 0 on: numbers that leave most of the room empty are refused. */
const MOST_ROOM_A_NODE = 16;

/** Nodes by tree and number. A root is the first of its tree in the list. */
class NodeIndex {
  readonly roots: number[] = [];
  /** The number of a tree in the order in which they come, by its id. */
  private readonly trees = new Map<number, number>();
  /** How many numbers each tree has room for, and where its first one is. */
  private readonly sizes: number[] = [];
  private readonly starts: number[] = [];
  private readonly places: Int32Array;
  private latest = NaN;
  private tree: number | undefined;

  constructor(treeIds: Float64Array, nodeIds: Float64Array) {
    for (let i = 0; i < treeIds.length; i++) {
      let tree = this.treeOf(treeIds[i]);
      if (tree === undefined) {
        tree = this.roots.push(i) - 1;
        this.trees.set(treeIds[i], tree);
        this.sizes.push(0);
        this.latest = NaN;
      }
      const id = nodeIds[i];
      if (!Number.isInteger(id) || id < 0) throw new Unsupported('a number of a node is not a whole one');
      if (id >= this.sizes[tree]) this.sizes[tree] = id + 1;
    }
    let room = 0;
    for (const size of this.sizes) {
      this.starts.push(room);
      room += size;
    }
    if (room > MOST_ROOM_A_NODE * treeIds.length) throw new Unsupported('the numbers of its nodes have large gaps');
    this.places = new Int32Array(room).fill(-1);
    for (let i = 0; i < treeIds.length; i++) {
      const at = this.starts[this.treeOf(treeIds[i])!] + nodeIds[i];
      if (this.places[at] !== -1) throw new Unsupported('two of its nodes have one number');
      this.places[at] = i;
    }
  }

  find(treeId: number, id: number): number {
    const tree = this.treeOf(treeId);
    const place = tree !== undefined && id >= 0 && id < this.sizes[tree] ? this.places[this.starts[tree] + id] : -1;
    if (place === -1 || place === undefined) throw new Unsupported('a child of its nodes is not there');
    return place;
  }

  /** Mostly the tree of the one before. */
  private treeOf(id: number): number | undefined {
    if (id !== this.latest) {
      this.latest = id;
      this.tree = this.trees.get(id);
    }
    return this.tree;
  }
}

/** What leaves add, each one's together and in the order given. */
function gatherWeights(
  count: number,
  place: Int32Array,
  outputs: ArrayLike<number>,
  values: ArrayLike<number>,
): LeafWeights {
  const start = new Int32Array(count + 1);
  for (let i = 0; i < place.length; i++) start[place[i] + 1]++;
  for (let at = 0; at < count; at++) start[at + 1] += start[at];
  const next = start.slice(0, count);
  const output = new Int32Array(place.length);
  const value = new Float64Array(place.length);
  for (let i = 0; i < place.length; i++) {
    const at = next[place[i]]++;
    output[at] = outputs[i];
    value[at] = values[i];
  }
  return { start, output, value };
}

function labelsOf(node: ScannedNode): readonly (string | number)[] {
  const texts = node.attributes.get('classlabels_strings')?.texts ?? [];
  return texts.length > 0 ? texts.map((text) => utf8.decode(text)) : [...numbersOf(node, 'classlabels_int64s')];
}

const MODES: readonly Mode[] = ['LEQ', 'LT', 'GTE', 'GT', 'EQ', 'NEQ', 'MEMBER'];
const AVERAGE = 0;
const SUM = 1;

function ofEdition5(node: ScannedNode): Read {
  const aggregate = node.attributes.get('aggregate_function')?.number ?? SUM;
  if (aggregate !== SUM && aggregate !== AVERAGE) throw new Unsupported('it joins trees by the least or the most');
  const ending = ENDING_NUMBERS[node.attributes.get('post_transform')?.number ?? 0];
  if (!ending) throw new Unsupported('it ends with a function that is neither logistic nor softmax');
  const splits = node.attributes.get('nodes_splits')?.tensor;
  const modes = numbersOf(node, 'nodes_modes');
  const outputs = node.attributes.get('n_targets')?.number ?? 1;
  const targets = numbersOf(node, 'leaf_targetids');
  const weights = numbersOf(node, 'leaf_weights');
  const missing = numbersOf(node, 'nodes_missing_value_tracks_true');
  const members = new Map<number, number[]>();
  const lists = numbersOf(node, 'membership_values');
  let at = 0;
  modes.forEach((mode, place) => {
    if (MODES[mode] !== 'MEMBER') return;
    const own: number[] = [];
    while (at < lists.length && !Number.isNaN(lists[at])) own.push(lists[at++]);
    members.set(place, own);
    at++;
  });
  const child = (ids: string, areLeaves: string): Int32Array => {
    const flags = numbersOf(node, areLeaves);
    return Int32Array.from(numbersOf(node, ids), (id, i) => (flags[i] === 1 ? ~id : id));
  };
  return {
    trees: {
      roots: [...numbersOf(node, 'tree_roots')],
      feature: numbersOf(node, 'nodes_featureids'),
      threshold: splits?.numbers ?? NONE,
      mode: (place) => MODES[modes[place]],
      members: (place) => members.get(place) ?? [],
      missingTrue: missing.length > 0 ? missing : new Uint8Array(modes.length),
      whenTrue: child('nodes_truenodeids', 'nodes_trueleafs'),
      whenFalse: child('nodes_falsenodeids', 'nodes_falseleafs'),
      leaves: {
        start: Int32Array.from({ length: weights.length + 1 }, (_, i) => i),
        output: Int32Array.from(targets),
        value: weights,
      },
    },
    outputs,
    baseValues: new Float64Array(outputs),
    isMean: aggregate === AVERAGE,
    ending,
    sums: splits?.type === ELEMENT.double ? 'float64' : 'float32',
  };
}
