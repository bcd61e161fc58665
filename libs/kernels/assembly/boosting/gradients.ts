import { fastExp } from './fast-exp';

/** With a second derivative of 0 a row would not count at all. */
const MIN_CURVATURE: f64 = 1e-16;

/** `e^x`, for tests. */
export function exponential(x: f64): f64 {
  return fastExp(x);
}

/** Softmax of each row's margins (float32), for more than two classes, as of the start of the round. */
export function setProbabilities(margins: usize, probabilities: usize, classes: i32, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    let largest: f64 = -Infinity;
    for (let c = 0; c < classes; c++) largest = max<f64>(largest, load<f32>(margins + (c << 2)));
    let sum: f64 = 0;
    for (let c = 0; c < classes; c++) {
      const power = fastExp(<f64>load<f32>(margins + (c << 2)) - largest);
      store<f32>(probabilities + (c << 2), <f32>power);
      sum += power;
    }
    for (let c = 0; c < classes; c++) {
      const at = probabilities + (c << 2);
      store<f32>(at, <f32>(<f64>load<f32>(at) / sum));
    }
    margins += classes << 2;
    probabilities += classes << 2;
  }
}

/**
 * The curvature that belongs to a gradient `p - y`: `p (1 - p)`, which is `|p - y| (1 - |p - y|)` as y is 0 or 1.
 *
 * @param factor 1 for two classes. With more it is 2, as in XGBoost: this bounds the off-diagonal terms, so that no
 *   step
 *   overshoots.
 */
export function curvatureFrom(gradient: f64, factor: f64): f64 {
  const distance = abs(gradient);
  return max<f64>(factor * distance * (1 - distance), MIN_CURVATURE);
}

/**
 * First derivatives of the log loss by the margin of each row.
 *
 * @param labels uint16s
 * @param packed float64s that receive the derivatives
 * @param sums two float64s that receive the sums of absolute gradients and of curvatures
 */
export function deriveTwoClasses(margins: usize, labels: usize, packed: usize, sums: usize, rows: i32): void {
  let gradients: f64 = 0;
  let curvatures: f64 = 0;
  for (let row = 0; row < rows; row++) {
    const margin: f64 = load<f32>(margins + (row << 2));
    const gradient = 1 / (1 + fastExp(-margin)) - <f64>load<u16>(labels + (row << 1));
    store<f64>(packed + (row << 3), gradient);
    gradients += abs(gradient);
    curvatures += curvatureFrom(gradient, 1);
  }
  store<f64>(sums, gradients);
  store<f64>(sums, curvatures, 8);
}

/** The same by one of several margins, from the probabilities of all. */
export function deriveOneClass(
  probabilities: usize,
  labels: usize,
  classes: i32,
  output: i32,
  packed: usize,
  sums: usize,
  rows: i32,
): void {
  let gradients: f64 = 0;
  let curvatures: f64 = 0;
  for (let row = 0; row < rows; row++) {
    const probability: f64 = load<f32>(probabilities + ((row * classes + output) << 2));
    const gradient = probability - <f64>(<i32>load<u16>(labels + (row << 1)) == output);
    store<f64>(packed + (row << 3), gradient);
    gradients += abs(gradient);
    curvatures += curvatureFrom(gradient, 2);
  }
  store<f64>(sums, gradients);
  store<f64>(sums, curvatures, 8);
}

/**
 * First derivatives of half the squared error by the margin of each row; second ones are 1.
 *
 * @param targets float32s
 * @param packed float64s that receive the first derivatives, `curvatures` the second ones
 * @param sums as of {@link deriveTwoClasses}
 */
export function deriveSquares(
  margins: usize,
  targets: usize,
  packed: usize,
  curvatures: usize,
  sums: usize,
  rows: i32,
): void {
  let gradients: f64 = 0;
  for (let row = 0; row < rows; row++) {
    const gradient = <f64>load<f32>(margins + (row << 2)) - <f64>load<f32>(targets + (row << 2));
    store<f64>(packed + (row << 3), gradient);
    store<f64>(curvatures + (row << 3), 1);
    gradients += abs(gradient);
  }
  store<f64>(sums, gradients);
  store<f64>(sums, <f64>rows, 8);
}

/**
 * Multiplies derivatives of the log loss by the weights of the rows' classes.
 *
 * @param weights float64s, one per class
 * @param packed first derivatives; `curvatures` receives the second ones
 * @param factor as of {@link curvatureFrom}
 * @param sums overwritten by the sums of weighted derivatives
 */
export function weigh(
  labels: usize,
  weights: usize,
  packed: usize,
  curvatures: usize,
  factor: f64,
  sums: usize,
  rows: i32,
): void {
  let gradientSum: f64 = 0;
  let curvatureSum: f64 = 0;
  for (let row = 0; row < rows; row++) {
    const weight = load<f64>(weights + ((<usize>load<u16>(labels + (row << 1))) << 3));
    const gradient = load<f64>(packed + (row << 3));
    const curvature = weight * curvatureFrom(gradient, factor);
    store<f64>(packed + (row << 3), weight * gradient);
    store<f64>(curvatures + (row << 3), curvature);
    gradientSum += abs(weight * gradient);
    curvatureSum += curvature;
  }
  store<f64>(sums, gradientSum);
  store<f64>(sums, curvatureSum, 8);
}
