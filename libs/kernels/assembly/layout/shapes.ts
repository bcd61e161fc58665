import { Ensemble, i32At, putI32 } from './ensemble';

/**
 * Finds the shapes of trees whose children stand behind their parents; all are int32s.
 *
 * @param leaves of each node, how many are below it
 * @param heights of each node, the splits on the longest way down from it; zeros before
 * @param firstLeaf of each node, the leaves before it, counted over all trees from the left
 */
export function shapes(ensemble: Ensemble, leaves: usize, heights: usize, firstLeaf: usize): void {
  for (let node = ensemble.nodes - 1; node >= 0; node--) {
    const child = i32At(ensemble.left, node);
    if (child < 0) {
      putI32(leaves, node, 1);
      continue;
    }
    const other = i32At(ensemble.right, node);
    putI32(leaves, node, i32At(leaves, child) + i32At(leaves, other));
    putI32(heights, node, 1 + max(i32At(heights, child), i32At(heights, other)));
  }
  let before = 0;
  for (let tree = 0; tree < ensemble.trees; tree++) {
    const root = i32At(ensemble.roots, tree);
    putI32(firstLeaf, root, before);
    before += i32At(leaves, root);
  }
  for (let node = 0; node < ensemble.nodes; node++) {
    const child = i32At(ensemble.left, node);
    if (child < 0) continue;
    const first = i32At(firstLeaf, node);
    putI32(firstLeaf, child, first);
    putI32(firstLeaf, i32At(ensemble.right, node), first + i32At(leaves, child));
  }
}
