/** A binary decision tree in parallel arrays, one element a node. Node 0 is the root; a leaf has `left[i] === -1`. */
export interface FlatTree {
  readonly feature: Int16Array;
  /** A row goes left iff `float32 x[feature] <= threshold`; infinite where missing values part from all others. */
  readonly threshold: Float32Array;
  /** 1 where a row goes left whose feature is missing, NaN. */
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** What the split of a node gains, weighted by the node's rows; 0 in leaves. */
  readonly gain: Float64Array;
  /** What a leaf answers: `outputs` values a node, zeros in inner nodes; of a classifier each is a float32 number. */
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

/** The arrays' memory, to hand a tree to another thread without copying. */
export function treeBuffers(tree: FlatTree): ArrayBuffer[] {
  return Object.values(tree).map((array: FlatTree[keyof FlatTree]) => array.buffer as ArrayBuffer);
}
