import { addBitVectors } from './bit-vectors';
import { addPaths } from './paths';
import { addPerfect } from './perfect';
import { addRanked, rank, ROWS as RANKED_ROWS } from './ranks';
import { search } from './search';

/** Flags: features, or sums, are float64s instead of float32s. */
const WIDE_FEATURES: i32 = 1;
const WIDE_SUMS: i32 = 2;
/** Kinds of segments, besides paths. */
const BIT_VECTORS: i32 = 0;
const PERFECT: i32 = 2;
const FEATURE_BYTES: usize = 20;

/** Initialises every row's sums. */
function start(from: usize, bytes: usize, sums: usize, rows: i32): void {
  if (rows == 0) return;
  memory.copy(sums, from, bytes);
  const all = <usize>rows * bytes;
  for (let filled = bytes; filled < all; filled <<= 1) {
    memory.copy(sums + filled, sums, min<usize>(filled, all - filled));
  }
}

/** Maps a cell to a code by a table: 0 or 1 for a set, another order where missing values go the other way. */
function derive(
  tables: usize,
  count: i32,
  cells: usize,
  cellBytes: usize,
  codes: usize,
  codeBytes: usize,
  rows: i32,
): void {
  for (let row = 0; row < rows; row++) {
    for (let code = 0; code < count; code++) {
      const table = tables + (code << 3);
      const cell: usize = load<u32>(cells + load<usize>(table));
      store<u32>(codes + (code << 2), load<u32>(load<usize>(table, 4) + (cell << 2)));
    }
    cells += cellBytes;
    codes += codeBytes;
  }
}

function addSegments<T>(plan: usize, sums: usize, rows: i32): void {
  const mode = load<i32>(plan, 44);
  const width = load<i32>(plan, 72);
  const rowBytes = load<usize>(plan, 40) << alignof<T>();
  const cells = load<usize>(plan, 12);
  const cellBytes = load<usize>(plan, 8);
  const codes = load<usize>(plan, 24);
  const codeBytes = load<usize>(plan, 52);
  let segments = load<usize>(plan, 32);
  for (const end = segments + load<usize>(plan, 28) * 12; segments < end; segments += 12) {
    const kind = load<i32>(segments);
    const items = load<usize>(segments, 4);
    const count = load<i32>(segments, 8);
    if (kind == BIT_VECTORS) {
      addBitVectors<T>(mode, width, items, count, cells, cellBytes, sums, rowBytes, rows);
    } else if (kind == PERFECT) {
      addPerfect<T>(mode, width, items, count, codes, codeBytes, sums, rowBytes, rows);
    } else {
      const nodes = load<usize>(plan, 56);
      const leaves = load<usize>(plan, 60);
      const values = load<usize>(plan, 64);
      addPaths<T>(mode, width, items, count, nodes, leaves, values, codes, codeBytes, sums, rowBytes, rows);
    }
  }
}

function searchAll<T>(plan: usize, from: i32, rows: i32): void {
  const cellBytes = load<usize>(plan, 8);
  let cells = load<usize>(plan, 12);
  let feature = load<usize>(plan, 4);
  const features = load<i32>(plan, 68);
  for (let f = 0; f < features; f++) {
    const values = load<usize>(feature) + (<usize>from << alignof<T>());
    search<T>(values, load<usize>(feature, 4), load<i32>(feature, 8), load<i32>(feature, 12), cells, cellBytes, rows);
    cells += 4;
    feature += FEATURE_BYTES;
  }
}

/** Predicts all rows, for features `F` and sums `T`. */
function predictRows<F, T>(plan: usize, rows: i32): void {
  const rowBytes = load<usize>(plan, 40) << alignof<T>();
  const sums = load<usize>(plan, 36);
  start(load<usize>(plan, 48), rowBytes, sums, rows);
  const blocks = load<i32>(plan, 76);
  const ranked = blocks > 0 ? rows & -RANKED_ROWS : 0;
  if (ranked > 0) {
    const stride = load<usize>(plan, 88);
    const ranks = load<usize>(plan, 92);
    rank<F>(load<usize>(plan, 4), load<i32>(plan, 68), load<usize>(plan, 84), load<usize>(plan, 12), ranks, stride, ranked);
    const mode = load<i32>(plan, 44);
    const width = load<i32>(plan, 72);
    addRanked<T>(mode, width, load<usize>(plan, 80), blocks, ranks, stride, load<usize>(plan, 96), sums, rowBytes, ranked);
  }
  const others = rows - ranked;
  if (others == 0) return;
  searchAll<F>(plan, ranked, others);
  const tables = load<i32>(plan, 16);
  if (tables > 0)
    derive(load<usize>(plan, 20), tables, load<usize>(plan, 12), load<usize>(plan, 8), load<usize>(plan, 24), load<usize>(plan, 52), others);
  addSegments<T>(plan, sums + <usize>ranked * rowBytes, others);
}

/**
 * Sums the leaves that rows reach.
 *
 * @param plan uint32s, written by `tree-kernel.ts` of `libs/trees`:
 *   - 0 flags; 1 address of the features in use, for each: address of its values, address and number of its breaks, the
 *     cell of NaN, the number of rank tables up to its own
 *   - cells: 2 bytes of a row, 3 address; tables: 4 number, 5 address; 6 address of codes; segments: 7 number, 8
 *     address
 *   - 9 sums; 10 outputs; 11 how leaves are added; 12 initial sums; 13 bytes of a row's codes
 *   - 14 nodes, 15 the leaf of each, 16 leaf values; 17 number of features; 18 values of a leaf
 *   - ranks: 19 number of blocks, 20 address, 21 the tables, 22 bytes of the ranks of 64 rows, 23 address of ranks, 24
 *     buffer
 * @param rows feature by feature
 */
export function predict(plan: usize, rows: i32): void {
  const flags = load<i32>(plan);
  if (flags & WIDE_FEATURES) {
    if (flags & WIDE_SUMS) predictRows<f64, f64>(plan, rows);
    else predictRows<f64, f32>(plan, rows);
  } else if (flags & WIDE_SUMS) predictRows<f32, f64>(plan, rows);
  else predictRows<f32, f32>(plan, rows);
}
