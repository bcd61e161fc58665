import { search } from './search';
import { addLeaf, ONE, TWO } from './add-leaves';

/**
 * Trees of at most 64 leaves for 64 rows at a time: each node is evaluated for all of them, one byte per row.
 *
 * Leaves are numbered from the left. A row's leaf is the first one that no node excludes; a node that sends it right
 * excludes those below its left child. Nodes are evaluated parents first, from the left: if a row's current leaf is
 * among those excluded, it becomes the first leaf after them.
 *
 * A rank is a byte that nodes compare with their own. A table maps a cell to a rank, so that trees whose features have
 * more than 255 breaks use several ranks. A node is 8 bytes: the address of its ranks (uint32), then int8s: the largest
 * rank that goes left, the number before its first leaf, the first leaf of its right child.
 * A block of eight trees is uint32s: the start of its nodes, the end of each tree's nodes, the address of each tree's
 * leaves, and the offset of its output in a row's sums.
 */
const TREES: i32 = 8;
export const ROWS: i32 = 64;
const BLOCK_BYTES: usize = 4 + 3 * 4 * TREES;

// @ts-ignore: for the compiler of AssemblyScript
@inline
function pass(leaves: v128, ranks: v128, largest: v128, before: v128, next: v128): v128 {
  const goesOn = v128.and(i8x16.gt_s(ranks, largest), i8x16.gt_s(leaves, before));
  return i8x16.max_u(leaves, v128.and(goesOn, next));
}

/** The leaf of a tree for each of 64 rows, as bytes. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function leavesOf(node: usize, end: usize, ranks: usize, leaves: usize): void {
  let l0 = i8x16.splat(0);
  let l1 = l0;
  let l2 = l0;
  let l3 = l0;
  for (; node < end; node += 8) {
    const own = ranks + load<usize>(node);
    const largest = v128.load_splat<i8>(node, 4);
    const before = v128.load_splat<i8>(node, 5);
    const next = v128.load_splat<i8>(node, 6);
    l0 = pass(l0, v128.load(own), largest, before, next);
    l1 = pass(l1, v128.load(own, 16), largest, before, next);
    l2 = pass(l2, v128.load(own, 32), largest, before, next);
    l3 = pass(l3, v128.load(own, 48), largest, before, next);
  }
  v128.store(leaves, l0);
  v128.store(leaves, l1, 16);
  v128.store(leaves, l2, 32);
  v128.store(leaves, l3, 48);
}

// @ts-ignore: for the compiler of AssemblyScript
@inline
function addBlock<T>(mode: i32, width: i32, block: usize, leaves: usize, sums: usize, rowBytes: usize): void {
  const leafBytes: usize = <usize>width << alignof<T>();
  for (const end = leaves + ROWS; leaves < end; leaves++) {
    const l0 = load<usize>(block, 36) + <usize>load<u8>(leaves) * leafBytes;
    const l1 = load<usize>(block, 40) + <usize>load<u8>(leaves, 64) * leafBytes;
    const l2 = load<usize>(block, 44) + <usize>load<u8>(leaves, 128) * leafBytes;
    const l3 = load<usize>(block, 48) + <usize>load<u8>(leaves, 192) * leafBytes;
    const l4 = load<usize>(block, 52) + <usize>load<u8>(leaves, 256) * leafBytes;
    const l5 = load<usize>(block, 56) + <usize>load<u8>(leaves, 320) * leafBytes;
    const l6 = load<usize>(block, 60) + <usize>load<u8>(leaves, 384) * leafBytes;
    const l7 = load<usize>(block, 64) + <usize>load<u8>(leaves, 448) * leafBytes;
    if (mode == ONE) {
      let sum = load<T>(sums);
      sum += load<T>(l0);
      sum += load<T>(l1);
      sum += load<T>(l2);
      sum += load<T>(l3);
      sum += load<T>(l4);
      sum += load<T>(l5);
      sum += load<T>(l6);
      sum += load<T>(l7);
      store<T>(sums, sum);
    } else if (mode == TWO && sizeof<T>() == 4) {
      let both = v128.load64_zero(sums);
      both = f32x4.add(both, v128.load64_zero(l0));
      both = f32x4.add(both, v128.load64_zero(l1));
      both = f32x4.add(both, v128.load64_zero(l2));
      both = f32x4.add(both, v128.load64_zero(l3));
      both = f32x4.add(both, v128.load64_zero(l4));
      both = f32x4.add(both, v128.load64_zero(l5));
      both = f32x4.add(both, v128.load64_zero(l6));
      both = f32x4.add(both, v128.load64_zero(l7));
      v128.store64_lane(sums, both, 0);
    } else {
      addLeaf<T>(mode, width, l0, sums + load<usize>(block, 68));
      addLeaf<T>(mode, width, l1, sums + load<usize>(block, 72));
      addLeaf<T>(mode, width, l2, sums + load<usize>(block, 76));
      addLeaf<T>(mode, width, l3, sums + load<usize>(block, 80));
      addLeaf<T>(mode, width, l4, sums + load<usize>(block, 84));
      addLeaf<T>(mode, width, l5, sums + load<usize>(block, 88));
      addLeaf<T>(mode, width, l6, sums + load<usize>(block, 92));
      addLeaf<T>(mode, width, l7, sums + load<usize>(block, 96));
    }
    sums += rowBytes;
  }
}

/**
 * Ranks of rows from their features: 64 rows of the first, 64 of the second, and so on, then the next 64 rows.
 *
 * @param feature the list of features, as in `predict`
 * @param tables of one rank each: the address of each cell's rank, by feature
 * @param cells buffer of one per row
 * @param stride bytes of the ranks of 64 rows
 */
export function rank<T>(
  feature: usize,
  features: i32,
  tables: usize,
  cells: usize,
  ranks: usize,
  stride: usize,
  rows: i32,
): void {
  let next = tables;
  for (let f = 0; f < features; f++, feature += 20) {
    const values = load<usize>(feature);
    search<T>(values, load<usize>(feature, 4), load<i32>(feature, 8), load<i32>(feature, 12), cells, 4, rows);
    for (const end = tables + (load<usize>(feature, 16) << 2); next < end; next += 4) {
      const table = load<usize>(next);
      let cell = cells;
      for (let done = 0; done < rows; done += ROWS) {
        let to = ranks + <usize>(done / ROWS) * stride;
        for (const last = to + ROWS; to < last; to += 4) {
          store<u8>(to, load<u8>(table + load<usize>(cell)));
          store<u8>(to, load<u8>(table + load<usize>(cell, 4)), 1);
          store<u8>(to, load<u8>(table + load<usize>(cell, 8)), 2);
          store<u8>(to, load<u8>(table + load<usize>(cell, 12)), 3);
          cell += 16;
        }
      }
      ranks += ROWS;
    }
  }
}

/**
 * Adds the leaves of all blocks to the rows' sums.
 *
 * @param leaves buffer of 64 bytes per tree of a block
 * @param rows a multiple of 64
 */
export function addRanked<T>(
  mode: i32,
  width: i32,
  block: usize,
  count: i32,
  ranks: usize,
  stride: usize,
  leaves: usize,
  sums: usize,
  rowBytes: usize,
  rows: i32,
): void {
  for (const end = block + <usize>count * BLOCK_BYTES; block < end; block += BLOCK_BYTES) {
    let own = ranks;
    let sum = sums;
    for (let done = 0; done < rows; done += ROWS) {
      let node = load<usize>(block);
      for (let tree = 0; tree < TREES; tree++) {
        const last = load<usize>(block + (tree << 2), 4);
        leavesOf(node, last, own, leaves + (tree << 6));
        node = last;
      }
      if (mode == ONE) addBlock<T>(ONE, 1, block, leaves, sum, rowBytes);
      else if (mode == TWO) addBlock<T>(TWO, 2, block, leaves, sum, rowBytes);
      else addBlock<T>(mode, width, block, leaves, sum, rowBytes);
      own += stride;
      sum += <usize>ROWS * rowBytes;
    }
  }
}
