import { ELEMENT, type ScannedNode, type TreeEnsemble } from '#onnx';
import { layOutTrees, type LeafWeights, type ListedTrees, type Mode, MODES } from './lay-out-trees.js';
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
type Numbers = Int32Array | Float64Array;
const NONE = new Float64Array(0);

const numbersOf = ({ attributes }: ScannedNode, name: string): Numbers => {
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

/** In the place of a node's mode. */
const LEAF = MODES.length;

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
      throw new Unsupported(`it compares by ${utf8.decode(text)}`);
  }
}

/** Of each node's mode its place in {@link MODES}, or {@link LEAF}. */
function modesOf(node: ScannedNode): Uint8Array {
  const { texts, textPlaces } = node.attributes.get('nodes_modes') ?? { texts: [], textPlaces: [] };
  const known = texts.map((text) => (text.length === 4 ? LEAF : MODES.indexOf(modeOf(text))));
  const modes = new Uint8Array(textPlaces.length);
  for (let i = 0; i < modes.length; i++) modes[i] = known[textPlaces[i]];
  return modes;
}

/** Whether all numbers are the same, and there are some. */
function areAlike(numbers: Numbers): boolean {
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
  const modes = modesOf(node);
  const asTensor = node.attributes.get('nodes_values_as_tensor')?.tensor?.numbers;
  const threshold = asTensor ?? numbersOf(node, 'nodes_values');
  const given = numbersOf(node, 'nodes_missing_value_tracks_true');
  const nodes = new NodeIndex(treeIds, nodeIds);
  const weightIds = numbersOf(node, `${prefix}_ids`);
  const weights =
    node.attributes.get(`${prefix}_weights_as_tensor`)?.tensor?.numbers ?? numbersOf(node, `${prefix}_weights`);
  const labels = isClassifier ? labelsOf(node) : undefined;
  const isSecondAlone = labels?.length === 2 && areAlike(weightIds);
  const outputs = isSecondAlone ? 1 : (labels?.length ?? node.attributes.get('n_targets')?.number ?? 1);
  const weightTrees = numbersOf(node, `${prefix}_treeids`);
  const weightNodes = numbersOf(node, `${prefix}_nodeids`);
  const leafPlaces = nodes.placesOf(weightTrees, weightNodes, weights.length);
  for (let i = 0; i < leafPlaces.length; i++) {
    if (modes[leafPlaces[i]] !== LEAF) throw new Unsupported('a node of it that is no leaf has a value');
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
      roots: nodes.roots.map((root) => (modes[root] === LEAF ? ~root : root)),
      feature: numbersOf(node, 'nodes_featureids'),
      threshold,
      modes,
      members: () => [],
      missingTrue: given.length === count ? new Uint8Array(given) : new Uint8Array(count),
      whenTrue: nodes.childrenOf(numbersOf(node, 'nodes_truenodeids'), modes),
      whenFalse: nodes.childrenOf(numbersOf(node, 'nodes_falsenodeids'), modes),
      leaves,
    },
    outputs,
    baseValues: base.length > 0 ? new Float64Array(base) : new Float64Array(outputs),
    isMean: aggregate === 'AVERAGE',
    ending: ending as Ending,
    sums: wide ? 'float64' : 'float32',
    labels,
    ...(isSecondAlone && { secondAlone: weights.every((weight) => weight >= 0) ? 'share' : 'margin' }),
  };
}

/** Nodes are numbered within their tree, more or less from 0 on: numbers that leave most of the slots empty are refused. */
const MOST_SLOTS_PER_NODE = 16;

/** Nodes by tree and number. A root is the first of its tree in the list. */
class NodeIndex {
  readonly roots: number[] = [];
  /** The number of a tree in the order in which they come, by its id. */
  private readonly trees = new Map<number, number>();
  /** Of each node the number of its tree. */
  private readonly treeOf: Int32Array;
  /** Where the first number of each tree has its place; then where all end. */
  private readonly starts: Int32Array;
  private readonly places: Int32Array;

  constructor(treeIds: Numbers, nodeIds: Numbers) {
    const { roots, trees } = this;
    const count = treeIds.length;
    const treeOf = (this.treeOf = new Int32Array(count));
    const sizes: number[] = [];
    let [latest, tree] = [NaN, -1];
    for (let i = 0; i < count; i++) {
      if (treeIds[i] !== latest) {
        latest = treeIds[i];
        tree = trees.get(latest) ?? -1;
        if (tree < 0) {
          tree = roots.push(i) - 1;
          trees.set(latest, tree);
          sizes.push(0);
        }
      }
      treeOf[i] = tree;
      const id = nodeIds[i];
      if (!(id >= 0 && Math.floor(id) === id)) throw new Unsupported('a number of a node is not a whole one');
      if (id >= sizes[tree]) sizes[tree] = id + 1;
    }
    const slots = sizes.reduce((sum, size) => sum + size, 0);
    if (slots > MOST_SLOTS_PER_NODE * count) throw new Unsupported('the numbers of its nodes have large gaps');
    const starts = (this.starts = new Int32Array(sizes.length + 1));
    sizes.forEach((size, i) => (starts[i + 1] = starts[i] + size));
    const places = (this.places = new Int32Array(slots).fill(-1));
    for (let i = 0; i < count; i++) {
      const at = starts[treeOf[i]] + nodeIds[i];
      if (places[at] !== -1) throw new Unsupported('two of its nodes have one number');
      places[at] = i;
    }
  }

  /** Of each node but leaves the place of that with this number in its tree; of a leaf `~place`. */
  childrenOf(ids: Numbers, modes: Uint8Array): Int32Array {
    const { treeOf, starts, places } = this;
    const children = new Int32Array(treeOf.length);
    for (let i = 0; i < children.length; i++) {
      if (modes[i] === LEAF) continue;
      const start = starts[treeOf[i]];
      const at = start + ids[i];
      const place = at >= start && at < starts[treeOf[i] + 1] ? places[at] : -1;
      if (!(place >= 0)) throw new Unsupported('a child of its nodes is not there');
      children[i] = modes[place] === LEAF ? ~place : place;
    }
    return children;
  }

  /** The places of nodes by the ids of their trees and their numbers. */
  placesOf(treeIds: Numbers, ids: Numbers, count: number): Int32Array {
    const { trees, starts, places } = this;
    const found = new Int32Array(count);
    let [latest, start, end] = [NaN, 0, 0];
    for (let i = 0; i < count; i++) {
      if (treeIds[i] !== latest) {
        latest = treeIds[i];
        const tree = trees.get(latest);
        [start, end] = tree === undefined ? [0, 0] : [starts[tree], starts[tree + 1]];
      }
      const at = start + ids[i];
      const place = at >= start && at < end ? places[at] : -1;
      if (!(place >= 0)) throw new Unsupported('a leaf of its nodes is not there');
      found[i] = place;
    }
    return found;
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
  let isInOrder = true;
  for (let i = 0; i < place.length; i++) {
    if (place[i] < place[i - 1]) isInOrder = false;
    start[place[i] + 1]++;
  }
  for (let at = 0; at < count; at++) start[at + 1] += start[at];
  if (isInOrder) return { start, output: outputs, value: values };
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

const AVERAGE = 0;
const SUM = 1;

function ofEdition5(node: ScannedNode): Read {
  const aggregate = node.attributes.get('aggregate_function')?.number ?? SUM;
  if (aggregate !== SUM && aggregate !== AVERAGE) throw new Unsupported('it joins trees by the least or the most');
  const ending = ENDING_NUMBERS[node.attributes.get('post_transform')?.number ?? 0];
  if (!ending) throw new Unsupported('it ends with a function that is neither logistic nor softmax');
  const splits = node.attributes.get('nodes_splits')?.tensor;
  const modes = new Uint8Array(numbersOf(node, 'nodes_modes'));
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
      modes,
      members: (place) => members.get(place) ?? [],
      missingTrue: missing.length > 0 ? new Uint8Array(missing) : new Uint8Array(modes.length),
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
