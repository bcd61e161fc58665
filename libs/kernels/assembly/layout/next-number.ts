// @ts-ignore: for the compiler of AssemblyScript
@inline
const LEAST_FLOAT: f32 = reinterpret<f32>(1);

/** The smallest number of type `F` above `x`, which is finite or -Infinity. */
export function numberAbove<F>(x: f64): F {
  if (sizeof<F>() == 4) {
    const rounded = <f32>x;
    if (<f64>rounded > x) return <F>rounded;
    if (rounded == 0) return <F>LEAST_FLOAT;
    return <F>reinterpret<f32>(reinterpret<i32>(rounded) + (rounded > 0 ? 1 : -1));
  }
  if (x == 0) return <F>reinterpret<f64>(1);
  return <F>reinterpret<f64>(reinterpret<i64>(x) + (x > 0 ? 1 : -1));
}

/** The smallest number of type `F` that is not below `x`. */
export function smallestFrom<F>(x: f64): F {
  if (sizeof<F>() == 8) return <F>x;
  const rounded = <f32>x;
  return <f64>rounded >= x ? <F>rounded : numberAbove<F>(x);
}
