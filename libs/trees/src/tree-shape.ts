import { linkLayoutKernels } from '#kernels';
import type { TreeEnsemble } from '#onnx';
import { MemoryImage } from './memory-image.js';

/** Where the nodes and leaves of trees are. */
export interface TreeShapes {
  /** The root of each tree; then how many nodes there are. */
  readonly bounds: Int32Array;
  /** Leaves below each node; 1 for a leaf. */
  readonly leaves: Int32Array;
  /** The first leaf below each node, counted over all trees from the left. */
  readonly firstLeaf: Int32Array;
  /** Splits on the longest way down, by tree. */
  readonly depths: Int32Array;
}

export function shapesOf({ left, right, roots }: TreeEnsemble): TreeShapes {
  const nodes = left.length;
  const image = new MemoryImage();
  const [leftAt, rightAt, rootsAt] = [left, right, roots].map((array) => image.put(array));
  const [leavesAt, heightsAt, firstLeafAt] = Array.from({ length: 3 }, () => image.reserve(left.byteLength));
  const memory = image.build();
  linkLayoutKernels(memory).shapes(nodes, leftAt, rightAt, rootsAt, roots.length, leavesAt, heightsAt, firstLeafAt);
  const [leaves, heights, firstLeaf] = [leavesAt, heightsAt, firstLeafAt].map(
    (at) => new Int32Array(memory.buffer, at, nodes),
  );
  return { bounds: Int32Array.of(...roots, nodes), leaves, firstLeaf, depths: roots.map((root) => heights[root]) };
}
