import type { TreeEnsemble } from '#onnx';
import type { MemoryImage } from './memory-image.js';
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

export function putLeafTable(
  image: MemoryImage,
  { left, right, leafWidth, leafValues, firstOutput }: TreeEnsemble,
  { firstLeaf }: TreeShapes,
  Type: Float32ArrayConstructor | Float64ArrayConstructor,
): LeafTable {
  const values = new Type(leafValues.length + leafWidth);
  for (let node = 0; node < left.length; node++) {
    if (left[node] >= 0) continue;
    const [from, to] = [right[node] * leafWidth, firstLeaf[node] * leafWidth];
    for (let i = 0; i < leafWidth; i++) values[to + i] = leafValues[from + i];
  }
  const start = image.put(values);
  const size = Type.BYTES_PER_ELEMENT;
  const leafAt = (leaf: number): number => start + leaf * leafWidth * size;
  const nothingLeaf = leafValues.length / leafWidth;
  return {
    start,
    nothingLeaf,
    nothing: leafAt(nothingLeaf),
    leafAt,
    outputAt: (tree) => firstOutput[tree] * size,
  };
}
