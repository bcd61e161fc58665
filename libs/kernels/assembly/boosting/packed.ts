import { curvatureFrom } from './gradients';

/** As in `packed-gradients.ts` of the TypeScript that calls this. */
const CURVATURE_UNITS: f64 = 67_108_864;

/** The sum of gradients in a sum of packed numbers, in steps. */
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
 * Packs the gradients of a shard, and puts its rows in their first order. What rounding takes from one row it gives to
 * the next, so that it cancels out over many.
 *
 * @param order int32s, where the rows' numbers go
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

/** As {@link pack}, of curvatures (float64s) that the gradients do not tell. */
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
