import { addLeaf } from './add-leaves';
import { MANY_ROWS } from './paths';

/**
 * Trees padded to perfect ones: the children of node `n` are `2 n` and `2 n + 1`, so that a node needs no pointer.
 * Eight paths at a time: of eight rows, or of eight trees if there are few rows.
 *
 * A node is a uint32: 16 bits for its code's offset in a row, 16 bits for the largest code that goes left.
 * A tree is uint32s: the address of its node 0, the depth of all trees, the offset of its output in a row's sums, and
 * the address of its leaf 0, where leaves continue the numbering of nodes.
 */
const TREE_BYTES: usize = 16;

// @ts-ignore: for the compiler of AssemblyScript
@inline
function next(nodes: usize, node: usize, codes: usize): usize {
  const split = load<u32>(nodes + (node << 2));
  return (node << 1) + <usize>(load<u32>(codes + <usize>(split & 0xffff)) > split >> 16);
}

function byRows<T>(
  mode: i32,
  width: i32,
  trees: usize,
  count: i32,
  codes: usize,
  codeBytes: usize,
  sums: usize,
  rowBytes: usize,
  rows: i32,
): void {
  const leafBytes: usize = <usize>width << alignof<T>();
  for (const end = trees + <usize>count * TREE_BYTES; trees < end; trees += TREE_BYTES) {
    const nodes: usize = load<usize>(trees);
    const depth = load<i32>(trees, 4);
    const values = load<usize>(trees, 12);
    let row = codes;
    let sum = sums + load<usize>(trees, 8);
    for (let done = 0; done < rows; done += 8) {
      let n0: usize = 1;
      let n1: usize = 1;
      let n2: usize = 1;
      let n3: usize = 1;
      let n4: usize = 1;
      let n5: usize = 1;
      let n6: usize = 1;
      let n7: usize = 1;
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
      addLeaf<T>(mode, width, values + n0 * leafBytes, sum);
      addLeaf<T>(mode, width, values + n1 * leafBytes, sum + rowBytes);
      addLeaf<T>(mode, width, values + n2 * leafBytes, sum + 2 * rowBytes);
      addLeaf<T>(mode, width, values + n3 * leafBytes, sum + 3 * rowBytes);
      addLeaf<T>(mode, width, values + n4 * leafBytes, sum + 4 * rowBytes);
      addLeaf<T>(mode, width, values + n5 * leafBytes, sum + 5 * rowBytes);
      addLeaf<T>(mode, width, values + n6 * leafBytes, sum + 6 * rowBytes);
      addLeaf<T>(mode, width, values + n7 * leafBytes, sum + 7 * rowBytes);
      row = r7 + codeBytes;
      sum += 8 * rowBytes;
    }
  }
}

/** Eight trees of a row. Trees are padded to a multiple of eight by trees that add nothing. */
function byTrees<T>(mode: i32, width: i32, trees: usize, count: i32, codes: usize, sums: usize): void {
  const leafBytes: usize = <usize>width << alignof<T>();
  const depth = load<i32>(trees, 4);
  for (const end = trees + <usize>count * TREE_BYTES; trees < end; trees += 8 * TREE_BYTES) {
    const t0 = load<usize>(trees);
    const t1 = load<usize>(trees, 16);
    const t2 = load<usize>(trees, 32);
    const t3 = load<usize>(trees, 48);
    const t4 = load<usize>(trees, 64);
    const t5 = load<usize>(trees, 80);
    const t6 = load<usize>(trees, 96);
    const t7 = load<usize>(trees, 112);
    let n0: usize = 1;
    let n1: usize = 1;
    let n2: usize = 1;
    let n3: usize = 1;
    let n4: usize = 1;
    let n5: usize = 1;
    let n6: usize = 1;
    let n7: usize = 1;
    for (let level = 0; level < depth; level++) {
      n0 = next(t0, n0, codes);
      n1 = next(t1, n1, codes);
      n2 = next(t2, n2, codes);
      n3 = next(t3, n3, codes);
      n4 = next(t4, n4, codes);
      n5 = next(t5, n5, codes);
      n6 = next(t6, n6, codes);
      n7 = next(t7, n7, codes);
    }
    addLeaf<T>(mode, width, load<usize>(trees, 12) + n0 * leafBytes, sums + load<usize>(trees, 8));
    addLeaf<T>(mode, width, load<usize>(trees, 28) + n1 * leafBytes, sums + load<usize>(trees, 24));
    addLeaf<T>(mode, width, load<usize>(trees, 44) + n2 * leafBytes, sums + load<usize>(trees, 40));
    addLeaf<T>(mode, width, load<usize>(trees, 60) + n3 * leafBytes, sums + load<usize>(trees, 56));
    addLeaf<T>(mode, width, load<usize>(trees, 76) + n4 * leafBytes, sums + load<usize>(trees, 72));
    addLeaf<T>(mode, width, load<usize>(trees, 92) + n5 * leafBytes, sums + load<usize>(trees, 88));
    addLeaf<T>(mode, width, load<usize>(trees, 108) + n6 * leafBytes, sums + load<usize>(trees, 104));
    addLeaf<T>(mode, width, load<usize>(trees, 124) + n7 * leafBytes, sums + load<usize>(trees, 120));
  }
}

/** Adds the leaves of a segment's trees to the rows' sums; with many rows, they are padded to a multiple of eight. */
export function addPerfect<T>(
  mode: i32,
  width: i32,
  trees: usize,
  count: i32,
  codes: usize,
  codeBytes: usize,
  sums: usize,
  rowBytes: usize,
  rows: i32,
): void {
  if (rows >= MANY_ROWS) {
    byRows<T>(mode, width, trees, count, codes, codeBytes, sums, rowBytes, rows);
    return;
  }
  for (let row = 0; row < rows; row++) {
    byTrees<T>(mode, width, trees, count, codes, sums);
    codes += codeBytes;
    sums += rowBytes;
  }
}
