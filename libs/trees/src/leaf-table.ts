import type { MemoryImage } from './memory-image.js';
import type { PlacedEnsemble } from './placed-ensemble.js';
import type { TreeShapes } from './tree-shape.js';

/** The values of all leaves in a kernel's memory, from the left of each tree, and some that add nothing behind them. */
export interface LeafTable {
  readonly start: number;
  /** The number of the leaf that adds nothing, and where it is. */
  readonly nothingLeaf: number;
  readonly nothing: number;
  leafAt(leaf: number): number;
  /** Bytes from the first output to that of a tree. */
  outputAt(tree: number): number;
}

/**
 * @param size bytes of a value: a float32's or a float64's
 * @param hasValues whether a tree is not perfect: those that are hold the values of their leaves themselves
 */
export function putLeafTable(
  image: MemoryImage,
  { memory, trees, leaves, leafWidth, places }: PlacedEnsemble,
  struct: number,
  shapes: TreeShapes,
  size: number,
  hasValues: boolean,
): LeafTable {
  let start = 0;
  if (hasValues) {
    const bytes = (leaves + 1) * leafWidth * size;
    const values = memory.reserve(bytes);
    memory.kernels.layLeaves(struct, shapes.places.firstLeaf, size === 8, values);
    start = image.copy(values, bytes);
  }
  const firstOutput = memory.int32s(places.firstOutput, trees).slice();
  const leafAt = (leaf: number): number => start + leaf * leafWidth * size;
  return { start, nothingLeaf: leaves, nothing: leafAt(leaves), leafAt, outputAt: (tree) => firstOutput[tree] * size };
}
