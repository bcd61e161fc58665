import { DumpFlaw } from '../trees/dump-flaw.js';
import type { EnsembleBuilder, SourceNode } from '../trees/ensemble-builder.js';
import { numberBelow } from '../trees/neighbours.js';
import type { Fields } from '../trees/fields.js';

/** Codes from here on are in no set. */
const MAX_CODE = 2 ** 24;

/** For float32 numbers, `x < t` is `x <= atMost(t)`. */
function atMost(t: number): number {
  const threshold = Math.fround(t);
  return threshold > -Infinity ? numberBelow(threshold, 'float32') : threshold;
}

/** The category sets, by node. */
function setsOf(tree: Fields, nodes: number): ReadonlyMap<number, number[]> {
  const sets = new Map<number, number[]>();
  if (!tree.has('categories_nodes')) return sets;
  const owners = tree.numbers('categories_nodes');
  const starts = tree.numbers('categories_segments', owners.length);
  const sizes = tree.numbers('categories_sizes', owners.length);
  const codes = tree.numbers('categories');
  owners.forEach((node, i) => {
    const [start, size] = [starts[i], sizes[i]];
    const isWithin =
      Number.isInteger(start) && Number.isInteger(size) && start >= 0 && size >= 0 && start + size <= codes.length;
    if (!isWithin || !(node >= 0 && node < nodes))
      throw new DumpFlaw(tree.placeOf(`categories_nodes[${i}]`), 'names categories that are not there');
    const own = [...new Set(codes.subarray(start, start + size))].sort((a, b) => a - b);
    if (!own.every((code) => Number.isInteger(code) && code >= 0 && code < MAX_CODE)) {
      throw new DumpFlaw(tree.placeOf('categories'), `has a category that is no whole number below ${MAX_CODE}`);
    }
    sets.set(node, own);
  });
  return sets;
}

/**
 * Adds one tree. XGBoost sends numbers below the threshold left, in float32: `x <=` the next smaller float32. It sends
 * the categories of a set right: children are swapped, so that they go left as everywhere here.
 *
 * Source: `RegTree::LoadModel` and `common::Decision` in https://github.com/dmlc/xgboost/tree/master/src
 *
 * @throws DumpFlaw on arrays of mismatched lengths, and on leaves of several values
 */
export function addTree(builder: EnsembleBuilder, tree: Fields, output: number): void {
  if (tree.has('tree_param')) {
    const parameters = tree.fields('tree_param');
    const width = parameters.count('size_leaf_vector', 1);
    if (width > 1) {
      throw new DumpFlaw(
        parameters.placeOf('size_leaf_vector'),
        `is ${width}: leaves of several values are not imported`,
        'Train with multi_strategy="one_output_per_tree"',
      );
    }
  }
  const left = tree.numbers('left_children');
  const size = left.length;
  if (size === 0) throw new DumpFlaw(tree.placeOf('left_children'), 'is empty');
  const right = tree.numbers('right_children', size);
  const feature = tree.numbers('split_indices', size);
  const conditions = tree.numbers('split_conditions', size);
  const defaultLeft = tree.numbers('default_left', size);
  const types = tree.has('split_type') ? tree.numbers('split_type', size) : new Float64Array(size);
  const cover = tree.has('sum_hessian') ? tree.numbers('sum_hessian', size) : undefined;
  const sets = setsOf(tree, size);
  const nodeAt = (i: number): SourceNode => {
    const own = { cover: cover?.[i] };
    if (left[i] === -1) return { leaf: Math.fround(conditions[i]), ...own };
    const isMissingLeft = defaultLeft[i] === 1;
    if (types[i] === 1) {
      const codes = sets.get(i) ?? [];
      return {
        feature: feature[i],
        threshold: 0,
        codes,
        missingLeft: !isMissingLeft,
        left: right[i],
        right: left[i],
        ...own,
      };
    }
    return {
      feature: feature[i],
      threshold: atMost(conditions[i]),
      missingLeft: isMissingLeft,
      left: left[i],
      right: right[i],
      ...own,
    };
  };
  builder.add({ name: tree.where, output, root: 0, size, nodeAt });
}
