import type { Codes } from './codes.js';
import type { FeatureCells } from './feature-cells.js';
import type { LeafTable } from './leaf-table.js';
import type { MemoryImage } from './memory-image.js';
import type { PlacedEnsemble } from './placed-ensemble.js';
import type { TreeShapes } from './tree-shape.js';

/** Limits of codes have 16 bits; no cell's code is above this one. */
const ALL_LEFT = 2 ** 16 - 1;
/** Trees that are walked at once. */
const WALKED = 8;
const NODE_BYTES = 4;
/** Bytes of a node of a path, and of the number of its leaf. */
const PATH_BYTES = 12;

/**
 * How deep trees are when filled up, where that takes no more memory than they do as paths.
 *
 * @param leafBytes of the values of one leaf
 */
export function perfectDepth(
  { depths, bounds }: TreeShapes,
  cells: readonly FeatureCells[],
  trees: readonly number[],
  leafBytes: number,
): number | undefined {
  if (cells.some(({ breaks }) => breaks.length >= ALL_LEFT)) return undefined;
  const depth = trees.reduce((most, tree) => Math.max(most, depths[tree]), 0);
  const nodes = trees.reduce((sum, tree) => sum + bounds[tree + 1] - bounds[tree], 0);
  const filled = trees.length * 2 ** depth * (NODE_BYTES + leafBytes);
  return filled <= nodes * PATH_BYTES + (nodes / 2) * leafBytes ? depth : undefined;
}

/** Trees `from` to before `to` as `perfect.ts` of the kernels reads them. @param valueBytes a float32's or a float64's */
export function putPerfect(
  image: MemoryImage,
  { memory, leafWidth }: PlacedEnsemble,
  struct: number,
  { places }: Codes,
  table: LeafTable,
  depth: number,
  valueBytes: number,
  from: number,
  to: number,
): { start: number; count: number } {
  const size = 2 ** depth;
  const leafBytes = leafWidth * valueBytes;
  const nodeBytes = NODE_BYTES * size * (to - from);
  const heap = memory.reserve(8 * size);
  const [nodes, values] = [memory.reserve(nodeBytes), memory.reserve(leafBytes * size * (to - from))];
  const { place, largest } = places;
  const isWide = valueBytes === 8;
  memory.kernels.layPerfect(struct, place, largest, ALL_LEFT, depth, isWide, from, to, heap, nodes, values);
  const [nodesAt, valuesAt] = [image.copy(nodes, nodeBytes), image.copy(values, leafBytes * size * (to - from))];
  const trees: number[] = [];
  const add = (nodes: number, output: number, values: number): unknown =>
    trees.push(nodes, depth, output, values - size * leafBytes);
  for (let tree = from, at = 0; tree < to; tree++, at += size) {
    add(nodesAt + at * NODE_BYTES, table.outputAt(tree), valuesAt + at * leafBytes);
  }
  if ((to - from) % WALKED > 0) {
    const nothing = image.reserve(size * Math.max(NODE_BYTES, leafBytes));
    while ((trees.length / 4) % WALKED !== 0) add(nothing, 0, nothing);
  }
  return { start: image.put(Uint32Array.from(trees)), count: to - from };
}
