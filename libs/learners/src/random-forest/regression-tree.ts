import type { RandomStream } from '#kit';
import type { FlatTree } from '../tree/flat-tree.js';
import { splitThreshold } from '../tree/split-threshold.js';
import { TreeBuilder } from '../tree/tree-builder.js';
import { Bag, ENTRY_BITS, TIMES_MASK } from './bag.js';
import type { GrowthRules } from './classification-tree.js';
import type { CodedFeatures } from './coded-features.js';
import { partition } from './partition.js';
import { TargetHistogram } from './target-histogram.js';

/** A waiting node: the bag's entries from `start` to `end`, and its place in the tree. */
interface Node {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly parent: number;
  readonly isLeft: boolean;
}

/** Rows, counted as often as drawn, and the sum of their targets' distances from the overall mean. */
interface Sums {
  readonly rows: number;
  readonly sum: number;
}

interface Split {
  readonly feature: number;
  readonly bin: number;
  readonly threshold: number;
  readonly gain: number;
}

/** Relative to the sum of squares of all targets: smaller gains are rounding. */
const MIN_GAIN = 1e-12;

/** Grows trees whose leaves predict the mean target, on the same data, depth first. */
export class RegressionTreeGrower {
  private readonly bag: Bag;
  private readonly builder = new TreeBuilder(1, Float64Array);
  private readonly histogram: TargetHistogram;
  private readonly candidates: Int32Array;
  private readonly targets: Float64Array;
  private readonly mean: number;
  private readonly minGain: number;

  constructor(
    private readonly data: CodedFeatures,
    private readonly rules: GrowthRules,
  ) {
    this.bag = new Bag(data.rows, rules.bootstrap);
    this.histogram = new TargetHistogram(Math.max(...data.lowest.map(({ length }) => length)));
    this.candidates = Int32Array.from(data.lowest.keys());
    this.mean = data.targets.reduce((sum, target) => sum + target / data.rows, 0);
    this.targets = data.targets.map((target) => target - this.mean);
    this.minGain = MIN_GAIN * this.targets.reduce((sum, distance) => sum + distance * distance, 0);
  }

  /** @param random the tree's own stream: the tree does not depend on those grown before it */
  grow(random: RandomStream): FlatTree {
    const { builder, bag } = this;
    builder.clear();
    this.candidates.sort();
    const waiting: Node[] = [{ start: 0, end: bag.draw(random), depth: 0, parent: -1, isLeft: false }];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      const index = builder.add(node.parent, node.isLeft);
      const sums = this.sumsOf(node);
      const split = this.maySplit(node, sums) ? this.findSplit(node, sums, random) : undefined;
      if (!split) {
        builder.setValue(index, 0, this.leafValue(sums));
        continue;
      }
      builder.setSplit(index, split.feature, split.threshold, split.gain);
      const side = { codes: this.data.codes[split.feature], firstRight: split.bin + 1 };
      const middle = partition(side, bag.entries, node.start, node.end, bag.aside);
      const child = { depth: node.depth + 1, parent: index };
      waiting.push({ ...child, start: middle, end: node.end, isLeft: false });
      waiting.push({ ...child, start: node.start, end: middle, isLeft: true });
    }
    return builder.build();
  }

  private sumsOf({ start, end }: Node): Sums {
    const { entries } = this.bag;
    let [rows, sum] = [0, 0];
    for (let i = start; i < end; i++) {
      const times = entries[i] & TIMES_MASK;
      rows += times;
      sum += times * this.targets[entries[i] >>> ENTRY_BITS];
    }
    return { rows, sum };
  }

  private maySplit({ depth }: Node, { rows }: Sums): boolean {
    return depth < this.rules.maxDepth && rows >= 2 * this.rules.minSamplesLeaf;
  }

  /** Draws features until enough have been tried and one of them can split the node. */
  private findSplit({ start, end }: Node, sums: Sums, random: RandomStream): Split | undefined {
    const { candidates, rules, histogram, data, targets } = this;
    const { entries } = this.bag;
    let best: Split | undefined;
    for (let tried = 0; tried < candidates.length; tried++) {
      if (tried >= rules.maxFeatures && best) break;
      random.swapIn(candidates, tried);
      const feature = candidates[tried];
      const { [feature]: lowest } = data.lowest;
      histogram.fill(data.codes[feature], lowest.length, entries, start, end, targets);
      const found = histogram.bestSplit(sums.rows, sums.sum, rules.minSamplesLeaf, best?.gain ?? this.minGain);
      if (!found) continue;
      const threshold = splitThreshold(data.highest[feature][found.bin], lowest[found.next]);
      best = { feature, bin: found.bin, threshold, gain: found.gain };
    }
    return best;
  }

  private leafValue({ rows, sum }: Sums): number {
    const { valueStep } = this.rules;
    return Math.round((this.mean + sum / rows) / valueStep) * valueStep;
  }
}
