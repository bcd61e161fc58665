/** How leaf values are summed: one per row; two per row; or any number, from the tree's first output on. */
export const ONE: i32 = 0;
export const TWO: i32 = 1;

/**
 * Adds a leaf's values to a row's sums.
 *
 * @param width number of values
 * @param leaf address of the values
 * @param sums of the row, from the tree's first output on
 */
// @ts-ignore: for the compiler of AssemblyScript
@inline
export function addLeaf<T>(mode: i32, width: i32, leaf: usize, sums: usize): void {
  if (mode == ONE) {
    store<T>(sums, load<T>(sums) + load<T>(leaf));
  } else if (mode == TWO) {
    if (sizeof<T>() == 4) {
      v128.store64_lane(sums, f32x4.add(v128.load64_zero(sums), v128.load64_zero(leaf)), 0);
    } else {
      v128.store(sums, f64x2.add(v128.load(sums), v128.load(leaf)));
    }
  } else {
    for (let value = 0; value < width; value++) {
      const at: usize = <usize>value << alignof<T>();
      store<T>(sums + at, load<T>(sums + at) + load<T>(leaf + at));
    }
  }
}
