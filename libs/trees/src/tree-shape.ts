import type { TreeEnsemble } from '#onnx';

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
  const bounds = Int32Array.of(...roots, nodes);
  const leaves = new Int32Array(nodes);
  const heights = new Int32Array(nodes);
  // Children stand behind their parent.
  for (let node = nodes - 1; node >= 0; node--) {
    if (left[node] < 0) leaves[node] = 1;
    else {
      leaves[node] = leaves[left[node]] + leaves[right[node]];
      heights[node] = 1 + Math.max(heights[left[node]], heights[right[node]]);
    }
  }
  const firstLeaf = new Int32Array(nodes);
  let before = 0;
  for (const root of roots) {
    firstLeaf[root] = before;
    before += leaves[root];
  }
  for (let node = 0; node < nodes; node++) {
    if (left[node] < 0) continue;
    firstLeaf[left[node]] = firstLeaf[node];
    firstLeaf[right[node]] = firstLeaf[node] + leaves[left[node]];
  }
  return { bounds, leaves, firstLeaf, depths: roots.map((root) => heights[root]) };
}
