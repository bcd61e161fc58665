/** How a regression scales targets for training: distances from their mean, divided by a unit, at most 1. */
export interface TargetScale {
  readonly mean: number;
  /** A power of two, so that scaling and unscaling are exact. */
  readonly unit: number;
}

export function targetScale(targets: Float64Array): TargetScale {
  // Sums distances from the first target, because a sum of equal large numbers may miss their mean.
  const sum = targets.reduce((total, target) => total + (target - targets[0]), 0);
  const mean = targets[0] + sum / targets.length;
  const farthest = targets.reduce((most, target) => Math.max(most, Math.abs(target - mean)), 0);
  return { mean, unit: 2 ** Math.ceil(Math.log2(farthest)) };
}
