import { curvatureSteps, gradientSteps } from './packed';

/** A side with less curvature than this has nothing left to learn. */
const MIN_CURVATURE: f64 = 1e-3;

/** Takes the histogram of one feature out of that of all features in its column; there are counts where it is not 0. */
export function separate(
  ownSums: usize,
  ownCounts: usize,
  sums: usize,
  counts: usize,
  codes: i32,
  divisor: i32,
  bins: i32,
): void {
  memory.fill(ownSums, 0, bins << 3);
  memory.fill(ownCounts, 0, bins << 2);
  for (let code = 0; code < codes; code++) {
    const bin = (code / divisor) % bins;
    const sum = ownSums + (bin << 3);
    store<f64>(sum, load<f64>(sum) + load<f64>(sums + (code << 3)));
    if (counts == 0) continue;
    const count = ownCounts + (bin << 2);
    store<i32>(count, load<i32>(count) + load<i32>(counts + (code << 2)));
  }
}

/**
 * Looks for a split by one feature that gains more than the best so far: gain `G_l^2 / (H_l + l2) + G_r^2 / (H_r + l2) -
 * G^2 / (H + l2)` (Chen, Guestrin: "XGBoost", KDD 2016, equation 7, times two).
 *
 * @param counts 0 where rows are not counted
 * @param last the last bin
 * @param steps two float64s, of gradients and of curvatures
 * @param best three float64s: the last bin that goes left, the gain, and the sum of packed gradients on the left
 * @returns 1 where it found one
 */
export function tryFeature(
  sums: usize,
  counts: usize,
  last: i32,
  sum: f64,
  rows: i32,
  minRows: i32,
  l2: f64,
  steps: usize,
  best: usize,
): i32 {
  const perGradient = load<f64>(steps);
  const perCurvature = load<f64>(steps, 8);
  const units = gradientSteps(sum);
  const gradient = units * perGradient;
  const curvature = curvatureSteps(sum, units) * perCurvature;
  const before = (gradient * gradient) / (curvature + l2);
  let gain = load<f64>(best, 8);
  let found = 0;
  let leftSum: f64 = 0;
  let leftRows = 0;
  for (let bin = 0; bin < last; bin++) {
    leftSum += load<f64>(sums + (bin << 3));
    if (counts != 0) {
      leftRows += load<i32>(counts + (bin << 2));
      if (leftRows < minRows || rows - leftRows < minRows) continue;
    }
    const leftUnits = gradientSteps(leftSum);
    const leftCurvature = curvatureSteps(leftSum, leftUnits) * perCurvature;
    const rightCurvature = curvature - leftCurvature;
    if (leftCurvature < MIN_CURVATURE || rightCurvature < MIN_CURVATURE) continue;
    const leftGradient = leftUnits * perGradient;
    const rightGradient = gradient - leftGradient;
    const left = (leftGradient * leftGradient) / (leftCurvature + l2);
    const right = (rightGradient * rightGradient) / (rightCurvature + l2);
    if (left + right - before > gain) {
      gain = left + right - before;
      found = 1;
      store<f64>(best, <f64>bin);
      store<f64>(best, gain, 8);
      store<f64>(best, leftSum, 16);
    }
  }
  return found;
}
