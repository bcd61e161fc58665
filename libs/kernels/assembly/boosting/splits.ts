import { CODES } from './histograms';
import { curvatureSteps, curvatureStepsOfTwo, gradientSteps, gradientStepsOfTwo } from './packed';

/** Smaller gains are rounding. */
const MIN_GAIN: f64 = 1e-9;

/**
 * Extracts the histogram of one feature from that of all features in its column; counts too, if the pointer is not 0.
 */
function separate(
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

/** Copies a histogram, with its last bin, that of missing values, moved to the front. */
function rotate(target: usize, sums: usize, bins: i32, shift: u8): void {
  const size: usize = (<usize>1) << shift;
  memory.copy(target, sums + ((<usize>(bins - 1)) << shift), size);
  memory.copy(target + size, sums, (<usize>(bins - 1)) << shift);
}

/** `gradient^2 / (curvature + l2)` of two sides. */
function scores(gradients: v128, curvatures: v128, l2: v128): v128 {
  return f64x2.div(f64x2.mul(gradients, gradients), f64x2.add(curvatures, l2));
}

/**
 * Finds a split by one feature that gains more than the best so far: gain `G_l^2 / (H_l + l2) + G_r^2 / (H_r + l2) -
 * G^2 / (H + l2)` (Chen, Guestrin: "XGBoost", KDD 2016, equation 7, times two). It processes two bins at a time; sums
 * of packed gradients are whole numbers, so they are exact in any order.
 *
 * @param counts 0 where rows are not counted
 * @param last the last bin
 * @param best as `found` of {@link findSplit}, without the feature
 * @returns whether it found one
 */
function tryFeature(
  sums: usize,
  counts: usize,
  last: i32,
  sum: f64,
  rows: i32,
  minRows: i32,
  minCurvature: f64,
  l2: f64,
  steps: usize,
  best: usize,
): bool {
  const perGradient = load<f64>(steps);
  const perCurvature = load<f64>(steps, 8);
  const units = gradientSteps(sum);
  const gradient = units * perGradient;
  const curvature = curvatureSteps(sum, units) * perCurvature;
  const before = f64x2.splat((gradient * gradient) / (curvature + l2));
  const allGradient = f64x2.splat(gradient);
  const allCurvature = f64x2.splat(curvature);
  const penalty = f64x2.splat(l2);
  const least = f64x2.splat(minCurvature);
  let gain = load<f64>(best, 8);
  let found = false;
  let leftSum: f64 = 0;
  let leftRows = 0;
  for (let bin = 0; bin < last; bin += 2) {
    const at = sums + (bin << 3);
    const first = load<f64>(at);
    const second = load<f64>(at, 8);
    // Bins without rows give the same split as the bin before.
    if (counts == 0 && first == 0 && second == 0) continue;
    const upToFirst = leftSum + first;
    leftSum += first + second;
    const left = f64x2.replace_lane(f64x2.splat(upToFirst), 1, leftSum);
    const leftUnits = gradientStepsOfTwo(left);
    const leftCurvature = f64x2.mul(curvatureStepsOfTwo(left, leftUnits), f64x2.splat(perCurvature));
    const rightCurvature = f64x2.sub(allCurvature, leftCurvature);
    const leftGradient = f64x2.mul(leftUnits, f64x2.splat(perGradient));
    const rightGradient = f64x2.sub(allGradient, leftGradient);
    const gains = f64x2.sub(
      f64x2.add(scores(leftGradient, leftCurvature, penalty), scores(rightGradient, rightCurvature, penalty)),
      before,
    );
    const isBetter = v128.and(
      f64x2.gt(gains, f64x2.splat(gain)),
      v128.and(f64x2.ge(leftCurvature, least), f64x2.ge(rightCurvature, least)),
    );
    let lanes = i64x2.bitmask(isBetter);
    if (bin + 1 == last) lanes &= 1;
    if (counts != 0) {
      const upTo = leftRows + load<i32>(counts + (bin << 2));
      leftRows = upTo + load<i32>(counts + (bin << 2), 4);
      if (upTo < minRows || rows - upTo < minRows) lanes &= 2;
      if (leftRows < minRows || rows - leftRows < minRows) lanes &= 1;
    }
    if (lanes == 0) continue;
    found = true;
    if (lanes & 1) gain = keep(best, bin, f64x2.extract_lane(gains, 0), upToFirst);
    if (lanes & 2 && f64x2.extract_lane(gains, 1) > gain) {
      gain = keep(best, bin + 1, f64x2.extract_lane(gains, 1), leftSum);
    }
  }
  return found;
}

function keep(best: usize, bin: i32, gain: f64, leftSum: f64): f64 {
  store<f64>(best, <f64>bin);
  store<f64>(best, gain, 8);
  store<f64>(best, leftSum, 16);
  return gain;
}

/**
 * Finds the split of a node that reduces the loss most, to second order and with L2 penalty on leaf values.
 *
 * @param sums the node's histogram, all columns of it
 * @param counts the histogram of rows; 0 where rows are not counted
 * @param columns int32s: the column of each feature; `divisors`, `codes`, `shared` and `bins` as in `FeatureBins`
 * @param missing int32s: 1 where a feature's last bin is that of missing values, else 0
 * @param ownSums buffer for two histograms of one feature, and `ownCounts` for those of rows
 * @param sum of the node's packed gradients
 * @param rows in the node
 * @param minRows least rows of each side, and `minCurvature` the least sum of curvatures
 * @param steps two float64s, of gradients and of curvatures
 * @param found receives five float64s: the feature, -1 where none gains; the last bin that goes left, -1 where only
 *   missing values do; the gain; the sum of packed gradients on the left; where missing values go: 1 left, 0 right, 2
 *   where the node has none
 */
export function findSplit(
  sums: usize,
  counts: usize,
  features: i32,
  columns: usize,
  divisors: usize,
  codes: usize,
  shared: usize,
  bins: usize,
  missing: usize,
  ownSums: usize,
  ownCounts: usize,
  sum: f64,
  rows: i32,
  minRows: i32,
  minCurvature: f64,
  l2: f64,
  steps: usize,
  found: usize,
): void {
  store<f64>(found, -1);
  store<f64>(found, MIN_GAIN, 16);
  if (rows < minRows << 1 || curvatureSteps(sum, gradientSteps(sum)) * load<f64>(steps, 8) < 2 * minCurvature) return;
  for (let feature = 0; feature < features; feature++) {
    const at = feature << 2;
    const first = load<i32>(columns + at) * CODES;
    const ownBins = load<i32>(bins + at);
    let featureSums = sums + (first << 3);
    let featureCounts = counts == 0 ? 0 : counts + (first << 2);
    if (load<i32>(shared + at) != 0) {
      separate(
        ownSums,
        ownCounts,
        featureSums,
        featureCounts,
        load<i32>(codes + at),
        load<i32>(divisors + at),
        ownBins,
      );
      featureSums = ownSums;
      if (counts != 0) featureCounts = ownCounts;
    }
    if (tryFeature(featureSums, featureCounts, ownBins - 1, sum, rows, minRows, minCurvature, l2, steps, found + 8)) {
      store<f64>(found, <f64>feature);
      store<f64>(found, 2, 32);
    }
    if (load<i32>(missing + at) == 0 || load<f64>(featureSums + ((ownBins - 1) << 3)) == 0) continue;
    if (load<f64>(found) == <f64>feature) store<f64>(found, 0, 32);
    const otherSums = ownSums + (CODES << 3);
    const otherCounts = counts == 0 ? 0 : ownCounts + (CODES << 2);
    rotate(otherSums, featureSums, ownBins, 3);
    if (counts != 0) rotate(otherCounts, featureCounts, ownBins, 2);
    if (tryFeature(otherSums, otherCounts, ownBins - 1, sum, rows, minRows, minCurvature, l2, steps, found + 8)) {
      store<f64>(found, <f64>feature);
      store<f64>(found, load<f64>(found, 8) - 1, 8);
      store<f64>(found, 1, 32);
    }
  }
}
