import { addBitVectors } from './bit-vectors';
import { addPaths } from './paths';
import { search } from './search';

/** Numbers are float64s, else float32s: of features, and of sums. */
const WIDE_FEATURES: i32 = 1;
const WIDE_SUMS: i32 = 2;

/** Copies what every row's sums begin with. */
function start(from: usize, bytes: usize, sums: usize, rows: i32): void {
  if (rows == 0) return;
  memory.copy(sums, from, bytes);
  const all = <usize>rows * bytes;
  for (let filled = bytes; filled < all; filled <<= 1) {
    memory.copy(sums + filled, sums, min<usize>(filled, all - filled));
  }
}

/** A code from a cell by a table: 0 or 1 where a set is asked, another order where missing values go elsewhere. */
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

function addSegments<T>(plan: usize, rows: i32): void {
  const outputs = load<i32>(plan, 40);
  const mode = load<i32>(plan, 44);
  const width = load<i32>(plan, 72);
  const sums = load<usize>(plan, 36);
  const rowBytes = (<usize>outputs) << alignof<T>();
  start(load<usize>(plan, 48), rowBytes, sums, rows);
  const cells = load<usize>(plan, 12);
  const cellBytes = load<usize>(plan, 8);
  const codes = load<usize>(plan, 24);
  const codeBytes = load<usize>(plan, 52);
  let segments = load<usize>(plan, 32);
  for (const end = segments + load<usize>(plan, 28) * 12; segments < end; segments += 12) {
    const items = load<usize>(segments, 4);
    const count = load<i32>(segments, 8);
    if (load<i32>(segments) == 0) {
      addBitVectors<T>(mode, width, items, count, cells, cellBytes, sums, rowBytes, rows);
    } else {
      const nodes = load<usize>(plan, 56);
      const leaves = load<usize>(plan, 60);
      const values = load<usize>(plan, 64);
      addPaths<T>(mode, width, items, count, nodes, leaves, values, codes, codeBytes, sums, rowBytes, rows);
    }
  }
}

/**
 * Adds up the leaves that rows reach.
 *
 * @param plan uint32s, as `tree-kernel.ts` of `libs/trees` writes them:
 *   0 flags; 1 the features and how many; cells: 2 bytes of a row, 3 where; tables: 4 how many, 5 where; 6 where codes are;
 *   segments: 7 how many, 8 where; 9 sums; 10 outputs; 11 how they add up; 12 what they begin with; 13 bytes of a row's
 *   codes; 14 nodes, 15 the leaf of each, 16 values of leaves; 17 how many features; 18 values of a leaf
 * @param rows for each feature one after the other
 */
export function predict(plan: usize, rows: i32): void {
  const flags = load<i32>(plan);
  const cells = load<usize>(plan, 12);
  const cellBytes = load<usize>(plan, 8);
  let feature = load<usize>(plan, 4);
  const features = load<i32>(plan, 68);
  for (let f = 0; f < features; f++) {
    const values = load<usize>(feature);
    const breaks = load<usize>(feature, 4);
    const count = load<i32>(feature, 8);
    const nanCell = load<i32>(feature, 12);
    const at = cells + (f << 2);
    if (flags & WIDE_FEATURES) search<f64>(values, breaks, count, nanCell, at, cellBytes, rows);
    else search<f32>(values, breaks, count, nanCell, at, cellBytes, rows);
    feature += 16;
  }
  const tables = load<i32>(plan, 16);
  if (tables > 0)
    derive(load<usize>(plan, 20), tables, cells, cellBytes, load<usize>(plan, 24), load<usize>(plan, 52), rows);
  if (flags & WIDE_SUMS) addSegments<f64>(plan, rows);
  else addSegments<f32>(plan, rows);
}
