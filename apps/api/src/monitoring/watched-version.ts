import type { Bundle } from '#bundle';
import type { QualityBounds, WatchedVersion } from '#monitoring';

/** Extracts from a bundle what monitoring needs, as JSON values. */
export function watchedVersion(
  { manifest, pipeline, baseline }: Bundle,
  loadedAt: number,
  slices: readonly string[],
  bounds: QualityBounds,
): WatchedVersion {
  const { name: model, version, classes, metrics } = manifest;
  const byClasses = classes.length === 0 ? 'regression' : classes.length === 2 ? 'binary' : 'multiclass';
  return {
    model,
    version,
    loadedAt,
    task: manifest.task ?? byClasses,
    classes,
    accuracy: metrics.test_accuracy ?? metrics.accuracy ?? null,
    mae: metrics.test_mae ?? metrics.mae ?? null,
    rmse: metrics.test_rmse ?? metrics.rmse ?? null,
    inputs: pipeline.inputs,
    slices,
    bounds,
    baseline: Object.keys(baseline.columns).length === 0 && !baseline.cells ? null : baseline,
  };
}
