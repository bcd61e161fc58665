import { DumpFlaw } from '../trees/dump-flaw.js';
import type { EnsembleBuilder, SourceNode } from '../trees/ensemble-builder.js';
import { numberBelow } from '../trees/neighbours.js';
import type { Block } from './model-text.js';

const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
const TYPE_SHIFT = 2;

/** LightGBM's `kZeroThreshold`, a float32: numbers at most this far from 0 count as 0. */
const NEAR_ZERO = Math.fround(1e-35);

/** A threshold whose plain comparison decides as LightGBM does, which first replaces near-zero numbers by 0. */
function exactly(threshold: number): number {
  // Rows are finite, and not every runtime can compare with infinity.
  if (threshold >= 0) return Math.min(Math.max(threshold, NEAR_ZERO), Number.MAX_VALUE);
  return threshold >= -NEAR_ZERO ? numberBelow(-NEAR_ZERO, 'float64') : threshold;
}

/** Which values of a feature are missing: none (NaN counts as 0); near-zero values and NaN; only NaN. */
export const MISSING = { none: 0, zero: 1, nan: 2 } as const;

const typeOf = (decision: number): number => (decision >> TYPE_SHIFT) & 3;

/**
 * The missing type of each feature that a node compares.
 *
 * @throws DumpFlaw where nodes disagree on a feature
 */
export function missingTypes(trees: readonly Block[]): ReadonlyMap<number, number> {
  const types = new Map<number, number>();
  for (const tree of trees) {
    const inner = tree.count('num_leaves') - 1;
    if (inner < 1) continue;
    const features = tree.numbers('split_feature', inner);
    tree.numbers('decision_type', inner).forEach((decision, i) => {
      if (decision & CATEGORICAL) return;
      const type = typeOf(decision);
      const before = types.get(features[i]);
      if (before !== undefined && before !== type && (before === MISSING.zero || type === MISSING.zero)) {
        throw new DumpFlaw(
          tree.where,
          `takes zeros of feature ${features[i]} for missing, other trees do not`,
          'Train all rounds with the same zero_as_missing',
        );
      }
      types.set(features[i], type);
    });
  }
  return types;
}

/** The codes whose bits are set in the words from `start` to before `end`. */
function codesIn(words: Float64Array, start: number, end: number, where: string): number[] {
  const codes: number[] = [];
  for (let word = start; word < end; word++) {
    const bits = words[word];
    if (!(Number.isInteger(bits) && bits >= 0 && bits < 2 ** 32))
      throw new DumpFlaw(where, `has ${bits} in cat_threshold, no 32 bits`);
    for (let bit = 0; bit < 32; bit++) if ((bits >>> bit) & 1) codes.push((word - start) * 32 + bit);
  }
  return codes;
}

/**
 * Adds one tree, with its leaves multiplied by the factor. Leaves are numbered after the inner nodes; a negative child
 * is the bitwise complement of a leaf.
 *
 * Source: `Tree::Tree`, `NumericalDecision` and `CategoricalDecision` in
 * https://github.com/lightgbm-org/LightGBM/tree/master/src/io/tree.cpp
 *
 * @throws DumpFlaw on arrays of mismatched lengths, and on linear trees
 */
export function addTree(builder: EnsembleBuilder, tree: Block, output: number, factor: number): void {
  if (tree.count('is_linear', 0) !== 0) {
    throw new DumpFlaw(tree.where, 'has leaves that are linear models (linear_tree)', 'Train with linear_tree=false');
  }
  const leaves = tree.count('num_leaves');
  if (leaves < 1) throw new DumpFlaw(tree.where, 'has no leaves');
  const inner = leaves - 1;
  const values = tree.numbers('leaf_value', leaves);
  const leafCounts =
    tree.has('leaf_count') && tree.words('leaf_count').length === leaves
      ? tree.numbers('leaf_count', leaves)
      : undefined;
  const leafOf = (leaf: number): SourceNode => ({ leaf: values[leaf] * factor, cover: leafCounts?.[leaf] });
  const size = inner + leaves;
  if (inner === 0) {
    builder.add({ name: tree.where, output, root: 0, size, nodeAt: () => leafOf(0) });
    return;
  }
  const [feature, threshold, decisions, left, right] = [
    'split_feature',
    'threshold',
    'decision_type',
    'left_child',
    'right_child',
  ].map((key) => tree.numbers(key, inner));
  const counts = tree.has('internal_count') ? tree.numbers('internal_count', inner) : undefined;
  const sets = tree.count('num_cat', 0);
  const bounds = sets > 0 ? tree.numbers('cat_boundaries', sets + 1) : new Float64Array(1);
  const words = sets > 0 ? tree.numbers('cat_threshold', bounds[sets]) : new Float64Array(0);
  const placeOf = (child: number): number => (child < 0 ? inner + ~child : child);
  const nodeAt = (i: number): SourceNode => {
    if (i >= inner) return leafOf(i - inner);
    const where = `${tree.where}, node ${i}`;
    const [decision, cover] = [decisions[i], counts?.[i]];
    const children = { left: placeOf(left[i]), right: placeOf(right[i]) };
    if (!(Number.isInteger(decision) && decision >= 0 && decision < 16 && typeOf(decision) <= MISSING.nan)) {
      throw new DumpFlaw(where, `decides by ${decision}, which is not known`);
    }
    if (decision & CATEGORICAL) {
      const set = threshold[i];
      if (!(Number.isInteger(set) && set >= 0 && set < sets && bounds[set] <= bounds[set + 1])) {
        throw new DumpFlaw(where, `names set ${set} of ${sets}`);
      }
      return {
        feature: feature[i],
        threshold: 0,
        codes: codesIn(words, bounds[set], bounds[set + 1], where),
        missingLeft: false,
        cover,
        ...children,
      };
    }
    const missingLeft = typeOf(decision) === MISSING.none ? 0 <= threshold[i] : (decision & DEFAULT_LEFT) !== 0;
    return { feature: feature[i], threshold: exactly(threshold[i]), missingLeft, cover, ...children };
  };
  builder.add({ name: tree.where, output, root: 0, size, nodeAt });
}
