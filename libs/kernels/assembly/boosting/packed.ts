import { curvatureFrom } from './gradients';

/** Must equal that of `packed-gradients.ts` in libs/learners. */
const CURVATURE_UNITS: f64 = 67_108_864;

/** The sum of gradients in a packed sum, in steps. */
export function gradientSteps(sum: f64): f64 {
  return floor(sum / CURVATURE_UNITS);
}

/** The sum of curvatures, given that of gradients. */
export function curvatureSteps(sum: f64, gradients: f64): f64 {
  return sum - gradients * CURVATURE_UNITS;
}

/** {@link gradientSteps} of two sums. */
export function gradientStepsOfTwo(sums: v128): v128 {
  return f64x2.floor(f64x2.mul(sums, f64x2.splat(1 / CURVATURE_UNITS)));
}

/** {@link curvatureSteps} of two sums. */
export function curvatureStepsOfTwo(sums: v128, gradients: v128): v128 {
  return f64x2.sub(sums, f64x2.mul(gradients, f64x2.splat(CURVATURE_UNITS)));
}

/**
 * Packs a shard's gradients, and resets the order of its rows. Each row's rounding error is carried to the next row, so
 * that errors cancel out.
 *
 * @param order int32s that receive the row numbers
 * @param first the first row's number
 * @returns the sum of packed numbers
 */
export function pack(
  packed: usize,
  order: usize,
  first: i32,
  perGradient: f64,
  perCurvature: f64,
  factor: f64,
  rows: i32,
): f64 {
  let gradientRest: f64 = 0;
  let curvatureRest: f64 = 0;
  let sum: f64 = 0;
  for (let row = 0; row < rows; row++) {
    const own = load<f64>(packed + (row << 3));
    const gradient = own * perGradient + gradientRest;
    const curvature = curvatureFrom(own, factor) * perCurvature + curvatureRest;
    const wholeGradient = floor(gradient + 0.5);
    const wholeCurvature = floor(curvature + 0.5);
    gradientRest = gradient - wholeGradient;
    curvatureRest = curvature - wholeCurvature;
    const both = wholeGradient * CURVATURE_UNITS + wholeCurvature;
    store<f64>(packed + (row << 3), both);
    sum += both;
    store<i32>(order + (row << 2), first + row);
  }
  return sum;
}

/** As {@link pack}, with curvatures (float64s) that the gradients do not determine. */
export function packBoth(
  packed: usize,
  curvatures: usize,
  order: usize,
  first: i32,
  perGradient: f64,
  perCurvature: f64,
  rows: i32,
): f64 {
  let gradientRest: f64 = 0;
  let curvatureRest: f64 = 0;
  let sum: f64 = 0;
  for (let row = 0; row < rows; row++) {
    const gradient = load<f64>(packed + (row << 3)) * perGradient + gradientRest;
    const curvature = load<f64>(curvatures + (row << 3)) * perCurvature + curvatureRest;
    const wholeGradient = floor(gradient + 0.5);
    const wholeCurvature = floor(curvature + 0.5);
    gradientRest = gradient - wholeGradient;
    curvatureRest = curvature - wholeCurvature;
    const both = wholeGradient * CURVATURE_UNITS + wholeCurvature;
    store<f64>(packed + (row << 3), both);
    sum += both;
    store<i32>(order + (row << 2), first + row);
  }
  return sum;
}
