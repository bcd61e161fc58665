/** One branchless step of a binary search: skips `half` bytes if the value before their end is not above `x`. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function step<T>(at: usize, half: usize, x: T): usize {
  return select<usize>(at + half, at, load<T>(at + half - sizeof<T>()) <= x);
}

/**
 * The cell of each value: the number of breaks at or below it, or `nanCell` for NaN. Four rows at a time, so that their
 * memory accesses overlap.
 *
 * @param values of one feature
 * @param breaks ascending
 * @param cells uint32s, `stride` bytes from one row to the next
 */
export function search<T>(
  values: usize,
  breaks: usize,
  count: i32,
  nanCell: i32,
  cells: usize,
  stride: usize,
  rows: i32,
): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const x0 = load<T>(values);
    const x1 = load<T>(values, sizeof<T>());
    const x2 = load<T>(values, 2 * sizeof<T>());
    const x3 = load<T>(values, 3 * sizeof<T>());
    let a0 = breaks;
    let a1 = breaks;
    let a2 = breaks;
    let a3 = breaks;
    for (let left = count; left > 0; left >>= 1) {
      const half: usize = ((left + 1) >> 1) << alignof<T>();
      a0 = step<T>(a0, half, x0);
      a1 = step<T>(a1, half, x1);
      a2 = step<T>(a2, half, x2);
      a3 = step<T>(a3, half, x3);
    }
    store<i32>(cells, cellAt<T>(a0 - breaks, nanCell, x0));
    store<i32>(cells + stride, cellAt<T>(a1 - breaks, nanCell, x1));
    store<i32>(cells + 2 * stride, cellAt<T>(a2 - breaks, nanCell, x2));
    store<i32>(cells + 3 * stride, cellAt<T>(a3 - breaks, nanCell, x3));
    values += 4 * sizeof<T>();
    cells += 4 * stride;
  }
  for (; row < rows; row++) {
    const x = load<T>(values);
    let at = breaks;
    for (let left = count; left > 0; left >>= 1) at = step<T>(at, ((left + 1) >> 1) << alignof<T>(), x);
    store<i32>(cells, cellAt<T>(at - breaks, nanCell, x));
    values += sizeof<T>();
    cells += stride;
  }
}

// @ts-ignore: for the compiler of AssemblyScript
@inline
function cellAt<T>(bytes: usize, nanCell: i32, x: T): i32 {
  return select<i32>(<i32>(bytes >> alignof<T>()), nanCell, x == x);
}
