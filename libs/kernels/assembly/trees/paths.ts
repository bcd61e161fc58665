import { addLeaf } from './add-leaves';

/**
 * Trees of any size, walked from the root, eight paths at a time: of eight rows, or of eight trees for few rows.
 *
 * A node is a uint64: 16 bits for its code's offset in a row, 22 bits for the largest code that goes left, 26 bits for
 * the left child; the right child is next to it. A leaf is its own left child, and all codes go left.
 * A tree is uint32s: its root, its depth, the offset of its output in a row's sums, and 0.
 */
const TREE_BYTES: usize = 16;

// @ts-ignore: for the compiler of AssemblyScript
@inline
function next(nodes: usize, node: usize, codes: usize): usize {
  const split = load<u64>(nodes + (node << 3));
  const code = load<u32>(codes + <usize>(split & 0xffff));
  return <usize>(split >> 38) + <usize>(code > <u32>((split >> 16) & 0x3fffff));
}

// @ts-ignore: for the compiler of AssemblyScript
@inline
function add<T>(mode: i32, width: i32, node: usize, leaves: usize, values: usize, sums: usize): void {
  const leaf: usize = load<u32>(leaves + (node << 2)) * width;
  addLeaf<T>(mode, width, values + (leaf << alignof<T>()), sums);
}

/** Eight rows of a tree. Rows are padded to a multiple of eight; the padding may hold any code. */
function byRows<T>(
  mode: i32,
  width: i32,
  trees: usize,
  count: i32,
  nodes: usize,
  leaves: usize,
  values: usize,
  codes: usize,
  codeBytes: usize,
  sums: usize,
  rowBytes: usize,
  rows: i32,
): void {
  for (const end = trees + <usize>count * TREE_BYTES; trees < end; trees += TREE_BYTES) {
    const root: usize = load<usize>(trees);
    const depth = load<i32>(trees, 4);
    let row = codes;
    let sum = sums + load<usize>(trees, 8);
    for (let done = 0; done < rows; done += 8) {
      let n0 = root;
      let n1 = root;
      let n2 = root;
      let n3 = root;
      let n4 = root;
      let n5 = root;
      let n6 = root;
      let n7 = root;
      const r1 = row + codeBytes;
      const r2 = r1 + codeBytes;
      const r3 = r2 + codeBytes;
      const r4 = r3 + codeBytes;
      const r5 = r4 + codeBytes;
      const r6 = r5 + codeBytes;
      const r7 = r6 + codeBytes;
      for (let level = 0; level < depth; level++) {
        n0 = next(nodes, n0, row);
        n1 = next(nodes, n1, r1);
        n2 = next(nodes, n2, r2);
        n3 = next(nodes, n3, r3);
        n4 = next(nodes, n4, r4);
        n5 = next(nodes, n5, r5);
        n6 = next(nodes, n6, r6);
        n7 = next(nodes, n7, r7);
      }
      add<T>(mode, width, n0, leaves, values, sum);
      add<T>(mode, width, n1, leaves, values, sum + rowBytes);
      add<T>(mode, width, n2, leaves, values, sum + 2 * rowBytes);
      add<T>(mode, width, n3, leaves, values, sum + 3 * rowBytes);
      add<T>(mode, width, n4, leaves, values, sum + 4 * rowBytes);
      add<T>(mode, width, n5, leaves, values, sum + 5 * rowBytes);
      add<T>(mode, width, n6, leaves, values, sum + 6 * rowBytes);
      add<T>(mode, width, n7, leaves, values, sum + 7 * rowBytes);
      row = r7 + codeBytes;
      sum += 8 * rowBytes;
    }
  }
}

/** Eight trees of a row. Trees are padded to a multiple of eight by trees that add nothing. */
function byTrees<T>(
  mode: i32,
  width: i32,
  trees: usize,
  count: i32,
  nodes: usize,
  leaves: usize,
  values: usize,
  codes: usize,
  sums: usize,
): void {
  for (const end = trees + <usize>count * TREE_BYTES; trees < end; trees += 8 * TREE_BYTES) {
    let n0: usize = load<usize>(trees);
    let n1: usize = load<usize>(trees, 16);
    let n2: usize = load<usize>(trees, 32);
    let n3: usize = load<usize>(trees, 48);
    let n4: usize = load<usize>(trees, 64);
    let n5: usize = load<usize>(trees, 80);
    let n6: usize = load<usize>(trees, 96);
    let n7: usize = load<usize>(trees, 112);
    const depth = max<i32>(
      max<i32>(
        max<i32>(load<i32>(trees, 4), load<i32>(trees, 20)),
        max<i32>(load<i32>(trees, 36), load<i32>(trees, 52)),
      ),
      max<i32>(
        max<i32>(load<i32>(trees, 68), load<i32>(trees, 84)),
        max<i32>(load<i32>(trees, 100), load<i32>(trees, 116)),
      ),
    );
    for (let level = 0; level < depth; level++) {
      n0 = next(nodes, n0, codes);
      n1 = next(nodes, n1, codes);
      n2 = next(nodes, n2, codes);
      n3 = next(nodes, n3, codes);
      n4 = next(nodes, n4, codes);
      n5 = next(nodes, n5, codes);
      n6 = next(nodes, n6, codes);
      n7 = next(nodes, n7, codes);
    }
    add<T>(mode, width, n0, leaves, values, sums + load<usize>(trees, 8));
    add<T>(mode, width, n1, leaves, values, sums + load<usize>(trees, 24));
    add<T>(mode, width, n2, leaves, values, sums + load<usize>(trees, 40));
    add<T>(mode, width, n3, leaves, values, sums + load<usize>(trees, 56));
    add<T>(mode, width, n4, leaves, values, sums + load<usize>(trees, 72));
    add<T>(mode, width, n5, leaves, values, sums + load<usize>(trees, 88));
    add<T>(mode, width, n6, leaves, values, sums + load<usize>(trees, 104));
    add<T>(mode, width, n7, leaves, values, sums + load<usize>(trees, 120));
  }
}

/** The number of rows from which eight rows at a time are faster than eight trees at a time. */
export const MANY_ROWS: i32 = 4;

/** Adds the leaves of a segment's trees to the sums of the rows. */
export function addPaths<T>(
  mode: i32,
  width: i32,
  trees: usize,
  count: i32,
  nodes: usize,
  leaves: usize,
  values: usize,
  codes: usize,
  codeBytes: usize,
  sums: usize,
  rowBytes: usize,
  rows: i32,
): void {
  if (rows >= MANY_ROWS) {
    byRows<T>(mode, width, trees, count, nodes, leaves, values, codes, codeBytes, sums, rowBytes, rows);
    return;
  }
  for (let row = 0; row < rows; row++) {
    byTrees<T>(mode, width, trees, count, nodes, leaves, values, codes, sums);
    codes += codeBytes;
    sums += rowBytes;
  }
}
