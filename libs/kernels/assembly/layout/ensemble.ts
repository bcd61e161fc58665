/** `TreeEnsemble` of `libs/onnx` in memory: its fields, and where its arrays are. */
@unmanaged
export class Ensemble {
  nodes: i32;
  features: i32;
  trees: i32;
  leaves: i32;
  leafWidth: i32;
  /** Whether features are float64, else float32. */
  isWide: i32;
  feature: usize;
  threshold: usize;
  comparison: usize;
  missingLeft: usize;
  left: usize;
  right: usize;
  setStart: usize;
  setCodes: usize;
  roots: usize;
  firstOutput: usize;
  leafValues: usize;
}

/** Comparisons beside `<=`, as `COMPARISON` of `libs/onnx` numbers them. */
export const BELOW: u8 = 1;
export const MEMBER: u8 = 2;

// @ts-ignore: for the compiler of AssemblyScript
@inline
export function i32At(start: usize, i: i32): i32 {
  return load<i32>(start + (<usize>i << 2));
}

// @ts-ignore: for the compiler of AssemblyScript
@inline
export function putI32(start: usize, i: i32, x: i32): void {
  store<i32>(start + (<usize>i << 2), x);
}

/** Float64 or float32 number `i`. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
export function floatAt(start: usize, i: i32, isDouble: i32): f64 {
  return isDouble ? load<f64>(start + (<usize>i << 3)) : <f64>load<f32>(start + (<usize>i << 2));
}
