import type { FlatTree } from '../tree/flat-tree.js';
import { TreeBuilder } from '../tree/tree-builder.js';
import type { BinnedRows } from './binned-rows.js';
import { GainSearch } from './gain-search.js';
import { GradientHistogram } from './gradient-histogram.js';
import { exactLeafValue } from './leaf-values.js';
import { PackedGradients } from './packed-gradients.js';

export interface BoostingRules {
  readonly rounds: number;
  readonly learningRate: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly l2: number;
}

/** A node that waits for its turn. */
interface WaitingNode {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly parent: number;
  readonly isLeft: boolean;
  /** Of the packed gradients of its rows. */
  readonly sum: number;
  /** Absent where the node will not be split. */
  readonly histogram: GradientHistogram | undefined;
}

/** Called once per leaf with its value and its rows, those from `start` to `end`. */
export type OnLeaf = (value: number, rows: Int32Array, start: number, end: number) => void;

/** Grows one tree after another on the same rows, depth first without recursion. An instance keeps its buffers. */
export class RegressionTreeGrower {
  private readonly builder = new TreeBuilder(1);
  private readonly search: GainSearch;
  private readonly packed: PackedGradients;
  private readonly rows: Int32Array;
  private readonly aside: Int32Array;
  private readonly waiting: WaitingNode[] = [];
  private readonly idle: GradientHistogram[] = [];

  constructor(
    private readonly data: BinnedRows,
    private readonly rules: BoostingRules,
  ) {
    this.packed = new PackedGradients(data.rows);
    this.search = new GainSearch(data, this.packed, rules.l2, rules.minSamplesLeaf);
    this.rows = new Int32Array(data.rows);
    this.aside = new Int32Array(data.rows);
  }

  /** @param gradients of each row: gradient and second derivative */
  grow(gradients: Float32Array, onLeaf: OnLeaf): FlatTree {
    const { builder, waiting, search } = this;
    builder.clear();
    this.packed.pack(gradients);
    waiting.push(this.root());
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const node = builder.add(next.parent, next.isLeft);
      const { histogram, sum, start, end } = next;
      if (histogram && search.find(histogram, sum, end - start)) {
        builder.setSplit(node, search.feature, search.threshold, search.gain);
        this.split(next, node, histogram);
      } else {
        if (histogram) this.idle.push(histogram);
        const value = this.leafValue(gradients, start, end);
        builder.setValue(node, 0, value);
        onLeaf(value, this.rows, start, end);
      }
    }
    return builder.build();
  }

  private root(): WaitingNode {
    const { rows } = this;
    const { packed } = this.packed;
    let sum = 0;
    for (let row = 0; row < rows.length; row++) {
      rows[row] = row;
      sum += packed[row];
    }
    const histogram = this.takeHistogram();
    histogram.fill(packed, rows, 0, rows.length);
    return { start: 0, end: rows.length, depth: 0, parent: -1, isLeft: false, sum, histogram };
  }

  /** A Newton step with L2 penalty, shortened by the learning rate. */
  private leafValue(gradients: Float32Array, start: number, end: number): number {
    const { rows } = this;
    const { learningRate, l2, rounds } = this.rules;
    let gradient = 0;
    let curvature = 0;
    for (let i = start; i < end; i++) {
      gradient += gradients[2 * rows[i]];
      curvature += gradients[2 * rows[i] + 1];
    }
    return exactLeafValue((-learningRate * gradient) / (curvature + l2), rounds);
  }

  private takeHistogram(): GradientHistogram {
    return this.idle.pop() ?? new GradientHistogram(this.data, this.rules.minSamplesLeaf > 1);
  }

  /** Only the smaller child's histogram is filled; the larger child's is what it leaves of the node's. */
  private split(node: WaitingNode, parent: number, histogram: GradientHistogram): void {
    const { start, end } = node;
    const { leftSum } = this.search;
    const middle = this.partition(start, end);
    const depth = node.depth + 1;
    const goesOn = depth < this.rules.maxDepth;
    const leftIsSmaller = middle - start < end - middle;
    let small: GradientHistogram | undefined;
    if (goesOn) {
      small = this.takeHistogram();
      small.fill(this.packed.packed, this.rows, leftIsSmaller ? start : middle, leftIsSmaller ? middle : end);
      histogram.subtract(small);
    } else {
      this.idle.push(histogram);
    }
    const large = goesOn ? histogram : undefined;
    const right = { start: middle, end, histogram: leftIsSmaller ? large : small, sum: node.sum - leftSum };
    const left = { start, end: middle, histogram: leftIsSmaller ? small : large, sum: leftSum };
    this.waiting.push({ ...right, depth, parent, isLeft: false }, { ...left, depth, parent, isLeft: true });
  }

  /** Puts the rows that go left before the others, each side in its old order, and returns where the right begins. */
  private partition(start: number, end: number): number {
    const { rows, aside, search, data } = this;
    const { bins, features } = data;
    const { feature, bin } = search;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      // The sign bit instead of a comparison: that would be a branch, mispredicted for every other row.
      const goesLeft = (bins[row * features + feature] - bin - 1) >>> 31;
      rows[left] = row;
      aside[right] = row;
      left += goesLeft;
      right += 1 - goesLeft;
    }
    rows.set(aside.subarray(0, right), left);
    return left;
  }
}
