import { ALL_LEFT } from './feature-cells.js';
import type { Codes } from './codes.js';
import type { LeafTable } from './leaf-table.js';
import type { MemoryImage } from './memory-image.js';
import type { PlacedEnsemble } from './placed-ensemble.js';
import type { TreeShapes } from './tree-shape.js';

/** Trees that are walked at once. */
const WALKED = 8;
const NODE_BYTES = 8;

/** All nodes as `paths.ts` of the kernels reads them. */
export function putNodes(
  image: MemoryImage,
  { memory, nodes: count, trees }: PlacedEnsemble,
  struct: number,
  { places }: Codes,
  shapes: TreeShapes,
  table: LeafTable,
): { nodes: number; leaves: number; rootOf: Int32Array; nothing: number } {
  // One more: a tree that is a leaf of nothing.
  const sizes = [4 * count, 4 * trees, NODE_BYTES * (count + 1), 4 * (count + 1)];
  const [queue, roots, nodes, leaves] = sizes.map((bytes) => memory.reserve(bytes));
  const { place, largest } = places;
  const { firstLeaf } = shapes.places;
  const to = [queue, roots, nodes, leaves] as const;
  memory.kernels.layPaths(struct, place, largest, firstLeaf, ALL_LEFT, table.nothingLeaf, ...to);
  return {
    nodes: image.copy(nodes, NODE_BYTES * (count + 1)),
    leaves: image.copy(leaves, 4 * (count + 1)),
    rootOf: memory.int32s(roots, trees).slice(),
    nothing: count,
  };
}

/** Trees `from` to before `to`, made up to a multiple of those that are walked at once. */
export function putPaths(
  image: MemoryImage,
  { rootOf, nothing }: { rootOf: Int32Array; nothing: number },
  { depths }: TreeShapes,
  table: LeafTable,
  from: number,
  to: number,
): { start: number; count: number } {
  const trees: number[] = [];
  for (let tree = from; tree < to; tree++) trees.push(rootOf[tree], depths[tree], table.outputAt(tree), 0);
  while ((trees.length / 4) % WALKED !== 0) trees.push(nothing, 0, 0, 0);
  return { start: image.put(Uint32Array.from(trees)), count: to - from };
}
