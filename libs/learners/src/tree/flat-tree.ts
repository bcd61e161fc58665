/** A binary decision tree in parallel arrays, one element per node. Node 0 is the root; a leaf has `left[i] === -1`. */
export interface FlatTree {
  readonly feature: Int16Array;
  /** A row goes left iff `float32 x[feature] <= threshold`; infinite where the split separates missing from present. */
  readonly threshold: Float32Array;
  /** 1 where a missing feature (NaN) goes left. */
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** The gain of a node's split, weighted by the node's rows; 0 in leaves. */
  readonly gain: Float64Array;
  /** Leaf values: `outputs` numbers per node, zeros in inner nodes; for a classifier they are float32 numbers. */
  readonly value: Float32Array | Float64Array;
}

/** The leaf that a row of the columns reaches. */
export function leafOf(tree: FlatTree, columns: readonly Float32Array[], row: number): number {
  const { feature, threshold, missingLeft, left, right } = tree;
  let node = 0;
  while (left[node] >= 0) {
    const x = columns[feature[node]][row];
    node = x <= threshold[node] || (missingLeft[node] === 1 && Number.isNaN(x)) ? left[node] : right[node];
  }
  return node;
}

/** The arrays' buffers, to transfer a tree to another thread without copying. */
export function treeBuffers(tree: FlatTree): ArrayBuffer[] {
  return Object.values(tree).map((array: FlatTree[keyof FlatTree]) => array.buffer as ArrayBuffer);
}
