import type { RandomStream } from '#kit';
import type { FlatTree } from '../tree/flat-tree.js';
import { TreeBuilder } from '../tree/tree-builder.js';
import { Bag, ENTRY_BITS, TIMES_MASK } from './bag.js';
import { ClassHistogram, countThree } from './class-histogram.js';
import type { CodedFeatures } from './coded-features.js';
import { leafShares } from './leaf-values.js';
import { NodeStack } from './node-stack.js';
import { keepSide, partition } from './partition.js';
import { type Criterion, purity } from './purity.js';
import { SplitSearch } from './split-search.js';

/** The number of entries from which counting three features at once is faster. */
const MANY = 256;

/** How the trees of a forest grow, every option resolved to a number. */
export interface GrowthRules {
  readonly bootstrap: boolean;
  readonly criterion: Criterion;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  /** Features tried per node; more only while none of them can split it. */
  readonly maxFeatures: number;
  /** The weight of each class; empty in a regression. */
  readonly classWeights: Float64Array;
  /** Leaf values (class shares or means of targets) are multiples of this. */
  readonly valueStep: number;
}

/** Grows trees on the same data, depth first without recursion. An instance keeps its buffers. */
export class ClassificationTreeGrower {
  private readonly bag: Bag;
  private readonly builder: TreeBuilder;
  private readonly histograms: readonly ClassHistogram[];
  private readonly search: SplitSearch;
  private readonly stack: NodeStack;
  private readonly weights: Float64Array;
  private readonly shares: Float64Array;
  private readonly rightCounts: Int32Array;
  private readonly candidates: Int32Array;

  constructor(
    private readonly data: CodedFeatures,
    private readonly rules: GrowthRules,
  ) {
    this.bag = new Bag(data.rows, rules.bootstrap);
    this.builder = new TreeBuilder(data.classes);
    const maxBins = Math.max(...data.lowest.map(({ length }) => length));
    this.histograms = [0, 1, 2].map(() => new ClassHistogram(maxBins, data.classes));
    this.search = new SplitSearch(data, rules.criterion, rules.minSamplesLeaf, rules.classWeights);
    this.stack = new NodeStack(rules.maxDepth, data.classes);
    this.weights = new Float64Array(data.classes);
    this.shares = new Float64Array(data.classes);
    this.rightCounts = new Int32Array(data.classes);
    // Includes constant features: they count as tried, as in scikit-learn.
    this.candidates = Int32Array.from(data.lowest.keys());
  }

  /** @param random the tree's own stream: the tree does not depend on those grown before it */
  grow(random: RandomStream): FlatTree {
    const { builder, stack, bag } = this;
    builder.clear();
    this.candidates.sort();
    const size = bag.draw(random);
    stack.push(0, size, 0, -1, false, this.countClasses(size));
    while (stack.pop()) {
      const node = builder.add(stack.parent, stack.isLeft);
      if (this.mayAsk(stack.depth, stack.counts) && this.findSplit(random)) this.split(node);
      else this.setShares(node);
    }
    return builder.build();
  }

  private countClasses(size: number): Int32Array {
    const { entries } = this.bag;
    const [codes] = this.data.codes;
    const counts = new Int32Array(this.data.classes);
    for (let i = 0; i < size; i++) counts[codes[entries[i] >>> ENTRY_BITS] % counts.length] += entries[i] & TIMES_MASK;
    return counts;
  }

  private mayAsk(depth: number, counts: Int32Array): boolean {
    let rows = 0;
    let present = 0;
    for (const count of counts) {
      rows += count;
      if (count > 0) present++;
    }
    return depth < this.rules.maxDepth && present > 1 && rows >= 2 * this.rules.minSamplesLeaf;
  }

  /** Draws features until enough have been tried and one of them can split the node. */
  private findSplit(random: RandomStream): boolean {
    const { search, candidates, rules } = this;
    const rows = this.stack.counts.reduce((sum, count) => sum + count, 0);
    search.reset();
    for (let tried = 0; tried < candidates.length;) {
      const due = rules.maxFeatures - tried;
      if (due <= 0 && search.feature >= 0) break;
      const end = tried + Math.min(3, Math.max(1, due), candidates.length - tried);
      for (let i = tried; i < end; i++) random.swapIn(candidates, i);
      this.tryFeatures(tried, end, rows);
      tried = end;
    }
    return search.feature >= 0;
  }

  /** Tries the candidates from index `first` to before `last`: one, two or three. */
  private tryFeatures(first: number, last: number, rows: number): void {
    const { stack, histograms, data, candidates } = this;
    const { start, end, counts } = stack;
    const { entries } = this.bag;
    const codes = (at: number): Uint16Array => data.codes[candidates[at]];
    const together = last - first === 3 && end - start >= MANY;
    if (together) countThree(histograms, [codes(first), codes(first + 1), codes(first + 2)], entries, start, end);
    for (let at = first; at < last; at++) {
      const histogram = histograms[at - first];
      const feature = candidates[at];
      const bins = data.lowest[feature].length;
      if (together) histogram.findOccupied(bins);
      else histogram.fill(data.codes[feature], bins, entries, start, end);
      this.search.tryFeature(feature, histogram, counts, rows);
    }
  }

  private split(node: number): void {
    const { stack, search, rightCounts, data } = this;
    const { start, end, counts, depth } = stack;
    const { leftCounts } = search;
    const gain = Math.max(0, search.purity - this.nodePurity());
    this.builder.setSplit(node, search.feature, search.threshold, gain);
    for (let c = 0; c < counts.length; c++) rightCounts[c] = counts[c] - leftCounts[c];
    const leftGoesOn = this.mayAsk(depth + 1, leftCounts);
    const rightGoesOn = this.mayAsk(depth + 1, rightCounts);
    const { entries, aside } = this.bag;
    const side = { codes: data.codes[search.feature], firstRight: (search.bin + 1) * data.classes };
    // A child that becomes a leaf needs no entries.
    if (leftGoesOn && rightGoesOn) {
      const middle = partition(side, entries, start, end, aside);
      stack.push(middle, end, depth + 1, node, false, rightCounts);
      stack.push(start, middle, depth + 1, node, true, leftCounts);
    } else {
      const kept = leftGoesOn || rightGoesOn ? keepSide(side, leftGoesOn, entries, start, end) : start;
      stack.push(start, kept, depth + 1, node, false, rightCounts);
      stack.push(start, kept, depth + 1, node, true, leftCounts);
    }
  }

  private nodePurity(): number {
    const { weights, stack, rules } = this;
    for (let c = 0; c < weights.length; c++) weights[c] = stack.counts[c] * rules.classWeights[c];
    return purity(rules.criterion, weights);
  }

  private setShares(node: number): void {
    const { weights, shares, stack, rules } = this;
    for (let c = 0; c < weights.length; c++) weights[c] = stack.counts[c] * rules.classWeights[c];
    leafShares(weights, rules.valueStep, shares);
    for (let c = 0; c < shares.length; c++) this.builder.setValue(node, c, shares[c]);
  }
}
