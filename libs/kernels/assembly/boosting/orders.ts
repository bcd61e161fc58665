/** 1 where a row goes left, else 0: a table look-up, because a branch would be mispredicted for every other row. */
function goesLeft(row: i32, codes: usize, rowBytes: i32, sides: usize): i32 {
  return load<u8>(sides + load<u8>(codes + row * rowBytes));
}

/** Adds a leaf's value to the margins (float32) of the rows in `order`, up to `end`. */
export function addToAll(order: usize, end: usize, margins: usize, marginBytes: i32, value: f64): void {
  for (; order < end; order += 4) {
    const at = margins + load<i32>(order) * marginBytes;
    store<f32>(at, <f32>(<f64>load<f32>(at) + value));
  }
}

/**
 * The same for a split whose two children are leaves.
 *
 * @param codes the split's column, `rowBytes` from one row to the next
 * @param sides one byte per code
 * @param values of the left leaf, then of the right one
 */
export function addToSides(
  order: usize,
  end: usize,
  margins: usize,
  marginBytes: i32,
  codes: usize,
  rowBytes: i32,
  sides: usize,
  values: usize,
): void {
  for (; order < end; order += 4) {
    const row = load<i32>(order);
    const side = 1 - goesLeft(row, codes, rowBytes, sides);
    const at = margins + row * marginBytes;
    store<f32>(at, <f32>(<f64>load<f32>(at) + load<f64>(values + (side << 3))));
  }
}

/**
 * Partitions rows: those that go left first, in order; then the others, in reverse order.
 *
 * @param target receives the rows
 * @returns how many go left
 */
export function partition(order: usize, end: usize, target: usize, codes: usize, rowBytes: i32, sides: usize): i32 {
  let left = target;
  let right = target + (end - order) - 4;
  for (; order < end; order += 4) {
    const row = load<i32>(order);
    const isLeft = goesLeft(row, codes, rowBytes, sides);
    store<i32>(left, row);
    store<i32>(right, row);
    left += isLeft << 2;
    right -= (1 - isLeft) << 2;
  }
  return <i32>((left - target) >> 2);
}
