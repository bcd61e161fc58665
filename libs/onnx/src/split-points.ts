import type { GraphProto } from 'onnx-buf';

/**
 * Where the trees of a graph split each feature: rows on both sides of these visit the branches.
 *
 * @returns by index of the feature; empty where there is no tree ensemble of ai.onnx.ml
 */
export function splitPoints({ node }: GraphProto): ReadonlyMap<number, readonly number[]> {
  const points = new Map<number, number[]>();
  for (const { opType, attribute } of node) {
    if (!opType.startsWith('TreeEnsemble')) continue;
    const features = attribute.find(({ name }) => name === 'nodes_featureids')?.ints ?? [];
    const values = attribute.find(({ name }) => name === 'nodes_values')?.floats ?? [];
    features.forEach((feature, i) => {
      const own = points.get(Number(feature));
      if (own) own.push(values[i]);
      else points.set(Number(feature), [values[i]]);
    });
  }
  return points;
}
