import type { BoostingMemory } from '../boosting-memory.js';
import { CURVATURE_UNITS } from '../packed-gradients.js';
import { curvatureFrom } from './derive-gradients.js';

/**
 * Packs the gradients of a shard, and puts its rows in their first order. What rounding takes from one row it gives to
 * the next, so that it cancels out over many.
 */
export function packGradients(memory: BoostingMemory, shard: number, from: number, to: number): void {
  const { packed, order, steps, classes, shardSums } = memory;
  const [perGradient, perCurvature] = [1 / steps[0], 1 / steps[1]];
  let gradientRest = 0;
  let curvatureRest = 0;
  let sum = 0;
  for (let row = from; row < to; row++) {
    const gradient = packed[row] * perGradient + gradientRest;
    const curvature = curvatureFrom(packed[row], classes) * perCurvature + curvatureRest;
    const wholeGradient = Math.floor(gradient + 0.5);
    const wholeCurvature = Math.floor(curvature + 0.5);
    gradientRest = gradient - wholeGradient;
    curvatureRest = curvature - wholeCurvature;
    const both = wholeGradient * CURVATURE_UNITS + wholeCurvature;
    packed[row] = both;
    sum += both;
    order[row] = row;
  }
  shardSums[3 * shard + 2] = sum;
}
