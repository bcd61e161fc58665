// @ts-ignore: for the compiler of AssemblyScript
@inline
function at(start: usize, node: usize): usize {
  return start + (node << 2);
}

/**
 * Finds the shapes of trees whose children stand behind their parents; all are int32s.
 *
 * @param left children of nodes; -1 in leaves
 * @param leaves of each node, how many are below it
 * @param heights of each node, the splits on the longest way down from it; zeros before
 * @param firstLeaf of each node, the leaves before it, counted over all trees from the left
 */
export function shapes(
  nodes: i32,
  left: usize,
  right: usize,
  roots: usize,
  trees: i32,
  leaves: usize,
  heights: usize,
  firstLeaf: usize,
): void {
  for (let node = nodes - 1; node >= 0; node--) {
    const child = load<i32>(at(left, node));
    if (child < 0) {
      store<i32>(at(leaves, node), 1);
      continue;
    }
    const other = load<i32>(at(right, node));
    store<i32>(at(leaves, node), load<i32>(at(leaves, child)) + load<i32>(at(leaves, other)));
    store<i32>(at(heights, node), 1 + max(load<i32>(at(heights, child)), load<i32>(at(heights, other))));
  }
  let before = 0;
  for (let tree = 0; tree < trees; tree++) {
    const root = load<i32>(at(roots, tree));
    store<i32>(at(firstLeaf, root), before);
    before += load<i32>(at(leaves, root));
  }
  for (let node = 0; node < nodes; node++) {
    const child = load<i32>(at(left, node));
    if (child < 0) continue;
    const first = load<i32>(at(firstLeaf, node));
    store<i32>(at(firstLeaf, child), first);
    store<i32>(at(firstLeaf, load<i32>(at(right, node))), first + load<i32>(at(leaves, child)));
  }
}
