/** How targets are handled while a regression learns: as distances from their mean, at most 1 of a unit. */
export interface TargetScale {
  readonly mean: number;
  /** A power of two, so that there and back is exact. */
  readonly unit: number;
}

export function targetScale(targets: Float64Array): TargetScale {
  // Of the distances from the first, as a sum of equal large numbers may miss their mean.
  const sum = targets.reduce((total, target) => total + (target - targets[0]), 0);
  const mean = targets[0] + sum / targets.length;
  const farthest = targets.reduce((most, target) => Math.max(most, Math.abs(target - mean)), 0);
  return { mean, unit: 2 ** Math.ceil(Math.log2(farthest)) };
}
