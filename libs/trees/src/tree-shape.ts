import type { PlacedEnsemble } from './placed-ensemble.js';

/** Where the nodes and leaves of trees are. */
export interface TreeShapes {
  /** The root of each tree; then how many nodes there are. */
  readonly bounds: Int32Array;
  /** Leaves of the trees before each. */
  readonly leavesBefore: Int32Array;
  /** Splits on the longest way down, by tree. */
  readonly depths: Int32Array;
  /** Where int32s are in the memory of layouts: {@link bounds}; of each node the leaves below it, and the first of them. */
  readonly places: { readonly bounds: number; readonly leaves: number; readonly firstLeaf: number };
}

/** @param struct where the fields of the ensemble are */
export function shapesOf({ memory, nodes, trees, places }: PlacedEnsemble, struct: number): TreeShapes {
  const [leaves, heights, firstLeaf] = Array.from({ length: 3 }, () => memory.reserve(4 * nodes));
  memory.kernels.shapes(struct, leaves, heights, firstLeaf);
  const roots = memory.int32s(places.roots, trees).slice();
  const atRoots = (at: number): Int32Array => {
    const all = memory.int32s(at, nodes);
    return roots.map((root) => all[root]);
  };
  const bounds = Int32Array.of(...roots, nodes);
  return {
    bounds,
    leavesBefore: atRoots(firstLeaf),
    depths: atRoots(heights),
    places: { bounds: memory.put(bounds), leaves, firstLeaf },
  };
}
