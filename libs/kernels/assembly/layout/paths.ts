import { Ensemble, i32At, putI32 } from './ensemble';

function putNode(nodes: usize, at: i32, child: u32, code: u32, place: u32): void {
  const to = nodes + (<usize>at << 3);
  store<u32>(to, place | (code << 16));
  store<u32>(to, (code >> 16) | (child << 6), 4);
}

/**
 * Lays all trees out as `paths.ts` of the kernels that walk reads them, level by level.
 *
 * @param places uint16 for each node, and `largest` uint32: where in a row its code is, and the largest that goes left
 * @param firstLeaf of each node
 * @param queue room for an int32 for each node
 * @param rootOf where each tree begins
 * @param nodes two uint32s for each node, and for one more: the leaf of nothing
 * @param leaves of each of these the number of its leaf
 */
export function layPaths(
  ensemble: Ensemble,
  places: usize,
  largest: usize,
  firstLeaf: usize,
  allLeft: u32,
  nothingLeaf: i32,
  queue: usize,
  rootOf: usize,
  nodes: usize,
  leaves: usize,
): void {
  let next = 0;
  for (let tree = 0; tree < ensemble.trees; tree++) {
    let at = next;
    putI32(rootOf, tree, at);
    putI32(queue, next++, i32At(ensemble.roots, tree));
    for (; at < next; at++) {
      const node = i32At(queue, at);
      const left = i32At(ensemble.left, node);
      const place = <u32>load<u16>(places + (<usize>node << 1));
      putNode(nodes, at, left < 0 ? at : next, i32At(largest, node), place);
      putI32(leaves, at, i32At(firstLeaf, node));
      if (left < 0) continue;
      putI32(queue, next++, left);
      putI32(queue, next++, i32At(ensemble.right, node));
    }
  }
  putNode(nodes, next, next, allLeft, 0);
  putI32(leaves, next, nothingLeaf);
}
