import { Ensemble, i32At, putI32 } from './ensemble';

/**
 * Lays trees out as `perfect.ts` of the kernels that walk reads them, filled up to one depth.
 *
 * @param places uint16 for each node, and `largest` uint32: where in a row its code is, and the largest that goes left
 * @param allLeft where all codes go left: the largest limit
 * @param isWide whether values are float64, else float32
 * @param from the first tree, `to` behind the last one
 * @param heap room for two int32s for each leaf of one filled tree
 * @param nodes uint32s; zeros before
 * @param values of leaves
 */
export function layPerfect(
  ensemble: Ensemble,
  places: usize,
  largest: usize,
  allLeft: u32,
  depth: i32,
  isWide: bool,
  from: i32,
  to: i32,
  heap: usize,
  nodes: usize,
  values: usize,
): void {
  const size = 1 << depth;
  const width = ensemble.leafWidth;
  let value = 0;
  for (let tree = from; tree < to; tree++, nodes += <usize>size << 2) {
    putI32(heap, 1, i32At(ensemble.roots, tree));
    // A leaf above the last level is its own child, wherever a row goes.
    for (let i = 1; i < size; i++) {
      const own = i32At(heap, i);
      const left = i32At(ensemble.left, own);
      putI32(heap, 2 * i, left < 0 ? own : left);
      putI32(heap, 2 * i + 1, left < 0 ? own : i32At(ensemble.right, own));
      if (left < 0) continue;
      const limit = min(<u32>i32At(largest, own), allLeft);
      putI32(nodes, i, <u32>load<u16>(places + (<usize>own << 1)) | (limit << 16));
    }
    for (let i = 0; i < size; i++) {
      const first = i32At(ensemble.right, i32At(heap, size + i)) * width;
      for (let v = 0; v < width; v++, value++) putValue(ensemble.leafValues, first + v, values, value, isWide);
    }
  }
}

/** Copies a float64 as one, or as float32. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function putValue(from: usize, i: i32, to: usize, at: i32, isWide: bool): void {
  const x = load<f64>(from + (<usize>i << 3));
  if (isWide) store<f64>(to + (<usize>at << 3), x);
  else store<f32>(to + (<usize>at << 2), <f32>x);
}

/** Puts the values of all leaves in their order from the left. */
export function layLeaves(ensemble: Ensemble, firstLeaf: usize, isWide: bool, values: usize): void {
  const width = ensemble.leafWidth;
  for (let node = 0; node < ensemble.nodes; node++) {
    if (i32At(ensemble.left, node) >= 0) continue;
    const from = i32At(ensemble.right, node) * width;
    const to = i32At(firstLeaf, node) * width;
    for (let v = 0; v < width; v++) putValue(ensemble.leafValues, from + v, values, to + v, isWide);
  }
}
