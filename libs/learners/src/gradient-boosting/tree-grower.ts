import type { BinEdges } from '../data/bin-edges.js';
import type { FlatTree } from '../tree/flat-tree.js';
import { splitThreshold } from '../tree/split-threshold.js';
import { TreeBuilder } from '../tree/tree-builder.js';
import { type BoostingMemory, FOUND, ORDER, PAIR } from './boosting-memory.js';
import type { ThreadPool } from './thread-pool/thread-pool.js';
import { CODES } from './feature-bins.js';
import { curvatureOf, gradientOf, setSteps } from './packed-gradients.js';
import { PHASE } from './phases/phase-work.js';
import { Slots } from './slots.js';

/** How the sums of a leaf become its value. */
export interface LeafRules {
  readonly learningRate: number;
  /** Rounds to a number whose sums are exact. */
  readonly round: (value: number) => number;
  /** The scale of leaf values in the final tree: a power of two. */
  readonly unit: number;
  readonly type: Float32ArrayConstructor | Float64ArrayConstructor;
}

interface Split {
  readonly feature: number;
  readonly bin: number;
  readonly gain: number;
  /** Sum of the packed gradients of the rows that go left. */
  readonly leftSum: number;
  readonly missingLeft: boolean;
}

/** A node that waits to be processed. */
interface WaitingNode {
  readonly depth: number;
  readonly parent: number;
  readonly isLeft: boolean;
  /** Of its rows' packed gradients. */
  readonly sum: number;
  /** Its slot in `bounds`. */
  readonly bounds: number;
  readonly rows: number;
  /** Its slot among the histograms. */
  histogram: number;
  /** Absent before the search, and where no split gains. */
  split: Split | undefined;
}

/** A split node whose children may be split again. */
interface Parent {
  readonly node: WaitingNode;
  readonly split: Split;
  /** Index in the tree. */
  readonly index: number;
  readonly rightBounds: number;
}

interface Siblings {
  /** The child with fewer rows. */
  readonly small: WaitingNode;
  readonly large: WaitingNode;
}

/** Grows trees on the same rows, a batch of nodes at a time, the deepest first. */
export class TreeGrower {
  private readonly builder: TreeBuilder;
  private readonly waiting: WaitingNode[] = [];
  private readonly bounds: Slots;
  private readonly histograms: Slots;

  constructor(
    private readonly memory: BoostingMemory,
    private readonly edges: BinEdges,
    private readonly leaves: LeafRules,
    private readonly pool: ThreadPool,
  ) {
    this.builder = new TreeBuilder(1, leaves.type);
    this.bounds = new Slots(memory.waiting);
    this.histograms = new Slots(memory.waiting);
  }

  /** Grows a tree on the gradients of one margin and adds it to that margin. */
  grow(output: number): FlatTree {
    const { builder, waiting, memory } = this;
    builder.clear();
    waiting.push(this.root(output));
    while (waiting.length > 0) this.growBatch(waiting.splice(-memory.batch), output);
    return builder.build();
  }

  private root(output: number): WaitingNode {
    const { shardSums, shards, steps, rows, bounds: places } = this.memory;
    const bounds = this.bounds.take();
    const histogram = this.histograms.take();
    this.pool.run(PHASE.derive, shards.count, 0, output);
    setSteps(steps, sumOf(shardSums, 0), sumOf(shardSums, 1));
    this.pool.run(PHASE.pack, shards.count, 0, output);
    const sum = sumOf(shardSums, 2);
    for (let shard = 0; shard < shards.count; shard++) {
      const at = 2 * (bounds * shards.count + shard);
      places[at] = shard * shards.rows;
      places[at + 1] = Math.min(rows, places[at] + shards.rows);
    }
    const root: WaitingNode = { depth: 0, parent: -1, isLeft: false, sum, bounds, rows, histogram, split: undefined };
    this.setPair(0, root);
    this.fillAndSearch(1);
    root.split = this.found(0, sum);
    return root;
  }

  private growBatch(nodes: readonly WaitingNode[], output: number): void {
    const parents: Parent[] = [];
    nodes.forEach((node, i) => {
      const { split } = node;
      const index = this.builder.add(node.parent, node.isLeft);
      if (!split) return this.makeLeaf(node, index, i);
      this.builder.setSplit(index, split.feature, this.thresholdOf(split), split.gain, split.missingLeft);
      if (node.depth + 1 === this.memory.rules.maxDepth) return this.makeLeaves(node, split, index, i);
      const rightBounds = this.bounds.take();
      this.setOrder(i, node.bounds, rightBounds, split);
      parents.push({ node, split, index, rightBounds });
    });
    this.pool.run(PHASE.apply, this.memory.shards.count, nodes.length, output);
    for (const { split, bounds, histogram, depth } of nodes) {
      if (split && depth + 1 < this.memory.rules.maxDepth) continue;
      this.bounds.give(bounds);
      this.histograms.give(histogram);
    }
    if (parents.length > 0) this.pushChildren(parents);
  }

  private thresholdOf({ feature, bin }: Split): number {
    const [lowest, highest] = [this.edges.lowest[feature], this.edges.highest[feature]];
    if (bin < 0) return -Infinity;
    return bin + 1 < lowest.length ? splitThreshold(highest[bin], lowest[bin + 1]) : Infinity;
  }

  private makeLeaf({ sum, bounds }: WaitingNode, index: number, order: number): void {
    this.memory.values[2 * order] = this.setLeaf(index, sum);
    this.setOrder(order, bounds, -1);
  }

  private makeLeaves({ sum, bounds }: WaitingNode, split: Split, index: number, order: number): void {
    const { values } = this.memory;
    values[2 * order] = this.setLeaf(this.builder.add(index, true), split.leftSum);
    values[2 * order + 1] = this.setLeaf(this.builder.add(index, false), sum - split.leftSum);
    this.setOrder(order, bounds, -1, split);
  }

  /** A Newton step with L2 penalty, scaled by the learning rate. */
  private setLeaf(index: number, sum: number): number {
    const { steps, rules } = this.memory;
    const { learningRate, round, unit } = this.leaves;
    const step = (-learningRate * gradientOf(sum, steps)) / (curvatureOf(sum, steps) + rules.l2);
    const value = round(step);
    this.builder.setValue(index, 0, value * unit);
    return value;
  }

  /** Fills only the smaller child's histogram; the larger child's is the parent's minus that. */
  private pushChildren(parents: readonly Parent[]): void {
    const children: WaitingNode[] = [];
    const pairs: Siblings[] = [];
    for (const parent of parents) {
      const [left, right] = this.childrenOf(parent);
      children.push(left, right);
      const pair = left.rows < right.rows ? { small: left, large: right } : { small: right, large: left };
      pair.small.histogram = this.histograms.take();
      if (this.maySplit(left) || this.maySplit(right)) pairs.push(pair);
    }
    pairs.forEach(({ small, large }, pair) => this.setPair(pair, small, large));
    if (pairs.length > 0) this.fillAndSearch(pairs.length);
    pairs.forEach(({ small, large }, pair) => {
      small.split = this.found(2 * pair, small.sum);
      large.split = this.found(2 * pair + 1, large.sum);
    });
    this.waiting.push(...children.sort((a, b) => a.depth - b.depth));
  }

  /** Whether a node has enough rows and curvature for two children. */
  private maySplit({ sum, rows }: WaitingNode): boolean {
    const { steps, rules } = this.memory;
    return rows >= 2 * rules.minSamplesLeaf && curvatureOf(sum, steps) >= 2 * rules.minChildWeight;
  }

  /** The left and the right child, both with the parent's histogram. */
  private childrenOf({ node, split, index: parent, rightBounds }: Parent): [WaitingNode, WaitingNode] {
    const { bounds, histogram } = node;
    const rows = this.rowsIn(bounds);
    const left = {
      depth: node.depth + 1,
      parent,
      histogram,
      bounds,
      rows,
      sum: split.leftSum,
      isLeft: true,
      split: undefined,
    };
    return [
      left,
      { ...left, bounds: rightBounds, rows: node.rows - rows, sum: node.sum - split.leftSum, isLeft: false },
    ];
  }

  private fillAndSearch(pairs: number): void {
    this.memory.touched.fill(0);
    this.pool.run(PHASE.fill, this.memory.shards.count, pairs, 0);
    this.pool.run(PHASE.search, pairs, pairs, 0);
  }

  private rowsIn(bounds: number): number {
    const { shards, bounds: places } = this.memory;
    let rows = 0;
    for (let at = 2 * bounds * shards.count, end = at + 2 * shards.count; at < end; at += 2) {
      rows += places[at + 1] - places[at];
    }
    return rows;
  }

  /** @param split absent where the node itself is a leaf */
  private setOrder(order: number, bounds: number, right: number, split?: Split): void {
    const { orders, sides, bins } = this.memory;
    const at = order * ORDER.size;
    orders[at + ORDER.bounds] = bounds;
    orders[at + ORDER.rightBounds] = right;
    orders[at + ORDER.column] = split ? bins.column[split.feature] : -1;
    if (!split) return;
    const first = order * CODES;
    const divisor = bins.divisor[split.feature];
    const period = divisor * bins.counts[split.feature];
    sides.fill(0, first, first + CODES);
    // In a shared byte the codes repeat with a period; within one, a bin's codes are adjacent and ascend with bins.
    const missing = bins.missing[split.feature] === 1 && split.missingLeft ? divisor : 0;
    for (let code = 0; code + period <= bins.codes[split.feature]; code += period) {
      sides.fill(1, first + code, first + code + divisor * (split.bin + 1));
      sides.fill(1, first + code + period - missing, first + code + period);
    }
  }

  /** @param large absent where the node has no sibling */
  private setPair(pair: number, small: WaitingNode, large?: WaitingNode): void {
    const { pairs, pairSums } = this.memory;
    const at = pair * PAIR.size;
    pairs[at + PAIR.bounds] = small.bounds;
    pairs[at + PAIR.small] = small.histogram;
    pairs[at + PAIR.large] = large ? large.histogram : -1;
    pairs[at + PAIR.smallRows] = small.rows;
    pairs[at + PAIR.largeRows] = large ? large.rows : 0;
    pairSums[2 * pair] = small.sum;
    pairSums[2 * pair + 1] = large ? large.sum : 0;
  }

  /** @param sum of the node's packed gradients */
  private found(child: number, sum: number): Split | undefined {
    const { found } = this.memory;
    const at = child * FOUND.size;
    if (found[at + FOUND.feature] < 0) return undefined;
    const leftSum = found[at + FOUND.leftSum];
    return {
      feature: found[at + FOUND.feature],
      bin: found[at + FOUND.bin],
      gain: found[at + FOUND.gain],
      leftSum,
      missingLeft: this.sideOfMissing(found[at + FOUND.missing], leftSum, sum) === 1,
    };
  }

  /** Where the node had no missing values, later ones go to the side of larger curvature. */
  private sideOfMissing(found: number, leftSum: number, sum: number): number {
    const { steps, rules } = this.memory;
    if (!rules.missing || found < 2) return found;
    return Number(curvatureOf(leftSum, steps) >= curvatureOf(sum - leftSum, steps));
  }
}

/** Sums one of the three statistics over all shards. */
function sumOf(shardSums: Float64Array, which: number): number {
  let sum = 0;
  for (let at = which; at < shardSums.length; at += 3) sum += shardSums[at];
  return sum;
}
