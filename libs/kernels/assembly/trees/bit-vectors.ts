import { addLeaf, ONE, TWO } from './add-leaves';

/**
 * Trees of at most 64 leaves as bit vectors (Lucchese et al.: QuickScorer, SIGIR 2015), with a line of masks for each
 * cell of a feature (Ye et al.: RapidScorer, KDD 2018). A mask clears the leaves that a row of the cell cannot reach;
 * the first leaf in the intersection of a tree's masks is the row's.
 *
 * Blocks have {@link TREES} trees, so that the lines of one fit the first-level cache. A block is uint32s:
 * - the number of features it uses and their address; for each, its cell's offset in a row and its table of lines
 *   (uint16s)
 * - the address of its lines
 * - the addresses of its trees' leaves, then the offsets of their outputs in a row's sums
 */
export const TREES: i32 = 8;
const BLOCK_BYTES: usize = 12 + 2 * 4 * TREES;
const LINE_BITS: usize = 6;

// @ts-ignore: for the compiler of AssemblyScript
@inline
function addBlock<T>(
  mode: i32,
  width: i32,
  block: usize,
  cells: usize,
  cellBytes: usize,
  sums: usize,
  rowBytes: usize,
  rows: i32,
): void {
  const asked = load<usize>(block, 4);
  const end = asked + (load<usize>(block) << 3);
  const lines = load<usize>(block, 8);
  const leafBytes: usize = <usize>width << alignof<T>();
  for (let row = 0; row < rows; row++) {
    let m0 = i64x2.splat(-1);
    let m1 = m0;
    let m2 = m0;
    let m3 = m0;
    for (let feature = asked; feature < end; feature += 8) {
      const cell: usize = load<u32>(cells + load<usize>(feature));
      const line = lines + (<usize>load<u16>(load<usize>(feature, 4) + (cell << 1)) << LINE_BITS);
      m0 = v128.and(m0, v128.load(line));
      m1 = v128.and(m1, v128.load(line, 16));
      m2 = v128.and(m2, v128.load(line, 32));
      m3 = v128.and(m3, v128.load(line, 48));
    }
    const l0 = load<usize>(block, 12) + <usize>ctz(i64x2.extract_lane(m0, 0)) * leafBytes;
    const l1 = load<usize>(block, 16) + <usize>ctz(i64x2.extract_lane(m0, 1)) * leafBytes;
    const l2 = load<usize>(block, 20) + <usize>ctz(i64x2.extract_lane(m1, 0)) * leafBytes;
    const l3 = load<usize>(block, 24) + <usize>ctz(i64x2.extract_lane(m1, 1)) * leafBytes;
    const l4 = load<usize>(block, 28) + <usize>ctz(i64x2.extract_lane(m2, 0)) * leafBytes;
    const l5 = load<usize>(block, 32) + <usize>ctz(i64x2.extract_lane(m2, 1)) * leafBytes;
    const l6 = load<usize>(block, 36) + <usize>ctz(i64x2.extract_lane(m3, 0)) * leafBytes;
    const l7 = load<usize>(block, 40) + <usize>ctz(i64x2.extract_lane(m3, 1)) * leafBytes;
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
      addLeaf<T>(mode, width, l0, sums + load<usize>(block, 44));
      addLeaf<T>(mode, width, l1, sums + load<usize>(block, 48));
      addLeaf<T>(mode, width, l2, sums + load<usize>(block, 52));
      addLeaf<T>(mode, width, l3, sums + load<usize>(block, 56));
      addLeaf<T>(mode, width, l4, sums + load<usize>(block, 60));
      addLeaf<T>(mode, width, l5, sums + load<usize>(block, 64));
      addLeaf<T>(mode, width, l6, sums + load<usize>(block, 68));
      addLeaf<T>(mode, width, l7, sums + load<usize>(block, 72));
    }
    cells += cellBytes;
    sums += rowBytes;
  }
}

/** Adds the leaves of a segment's blocks to the sums of the rows. */
export function addBitVectors<T>(
  mode: i32,
  width: i32,
  blocks: usize,
  count: i32,
  cells: usize,
  cellBytes: usize,
  sums: usize,
  rowBytes: usize,
  rows: i32,
): void {
  for (let block = 0; block < count; block++) {
    if (mode == ONE) addBlock<T>(ONE, width, blocks, cells, cellBytes, sums, rowBytes, rows);
    else if (mode == TWO) addBlock<T>(TWO, width, blocks, cells, cellBytes, sums, rowBytes, rows);
    else addBlock<T>(mode, width, blocks, cells, cellBytes, sums, rowBytes, rows);
    blocks += BLOCK_BYTES;
  }
}
