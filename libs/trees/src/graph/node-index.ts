import type { LayoutMemory } from '#kernels';
import { Unsupported } from './unsupported.js';

/** Nodes are numbered within their tree, more or less from 0 on: numbers that leave most of the slots empty are refused. */
const MOST_SLOTS_PER_NODE = 16;
const NOT_THERE = 1;

/** Runs of a list that are of one tree each. */
interface Runs {
  readonly count: number;
  /** Int32s in the memory of layouts: where each begins, and the number of its tree. */
  readonly start: number;
  readonly tree: number;
}

/** Nodes by tree and number. A root is the first of its tree in the list. */
export class NodeIndex {
  readonly roots: number[] = [];
  /** The number of a tree in the order in which they come, by its id. */
  private readonly trees = new Map<number, number>();
  /** Where its fields are, as `node-index.ts` of the kernels reads them. */
  private readonly struct: number;

  /** @param treeIds where the id of each node's tree is, and `numbers` its number; int32s */
  constructor(
    private readonly memory: LayoutMemory,
    treeIds: number,
    numbers: number,
    count: number,
  ) {
    const { trees, roots } = this;
    const runs = this.runsOf(treeIds, count, (id, first) => {
      const known = trees.get(id);
      if (known !== undefined) return known;
      trees.set(id, roots.length);
      return roots.push(first) - 1;
    });
    const sizesAt = memory.reserve(4 * roots.length);
    const struct = memory.struct(runs.count, runs.start, runs.tree, 0, 0);
    if (!memory.kernels.treeSizes(struct, numbers, sizesAt)) {
      throw new Unsupported('a number in nodes_nodeids is negative');
    }
    const sizes = memory.int32s(sizesAt, roots.length).map((size) => size);
    const slots = sizes.reduce((sum, size) => sum + (size >>> 0), 0);
    if (slots > MOST_SLOTS_PER_NODE * count) throw new Unsupported('the numbers in nodes_nodeids have large gaps');
    const starts = new Int32Array(roots.length + 1);
    sizes.forEach((size, tree) => (starts[tree + 1] = starts[tree] + size));
    const [startsAt, places] = [memory.put(starts), memory.reserve(4 * slots)];
    memory.int32s(places, slots).fill(-1);
    this.struct = memory.struct(runs.count, runs.start, runs.tree, startsAt, places);
    if (!memory.kernels.numberNodes(this.struct, numbers))
      throw new Unsupported('two nodes of a tree have the same number in nodes_nodeids');
  }

  /**
   * Turns the numbers of children, of each node but leaves, into their places: of a leaf `~place`.
   *
   * @returns where these are, in place of the numbers
   */
  children(numbers: number, modes: number): number {
    if (!this.memory.kernels.children(this.struct, numbers, modes)) {
      throw new Unsupported('a node names a child that does not exist');
    }
    return numbers;
  }

  /**
   * Turns the numbers of leaves into their places.
   *
   * @param treeIds where the id of each leaf's tree is
   * @returns where these are, in place of the numbers
   */
  leafPlaces(treeIds: number, numbers: number, count: number, modes: number): number {
    const { memory } = this;
    const runs = this.runsOf(treeIds, count, (id) => this.trees.get(id) ?? -1);
    const fault = memory.kernels.leafPlaces(this.struct, runs.count, runs.start, runs.tree, numbers, modes);
    if (fault === 0) return numbers;
    throw new Unsupported(
      fault === NOT_THERE
        ? 'a leaf value names a node that does not exist'
        : 'a node that is not a leaf has a leaf value',
    );
  }

  private runsOf(treeIds: number, count: number, treeOf: (id: number, first: number) => number): Runs {
    const { memory } = this;
    const start = memory.reserve(4 * (count + 1));
    const found = memory.kernels.runs(treeIds, count, start);
    memory.release(start + 4 * (found + 1));
    const ids = memory.int32s(treeIds, count);
    const starts = memory.int32s(start, found + 1);
    starts[found] = count;
    const tree = memory.put(starts.subarray(0, found).map((first) => treeOf(ids[first], first)));
    return { count: found, start, tree };
  }
}
