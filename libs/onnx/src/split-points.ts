import type { GraphProto } from 'onnx-buf';

/**
 * The split points of each feature in a graph's trees: rows on both sides of them visit the branches.
 *
 * @returns by feature index; empty where there is no tree ensemble of ai.onnx.ml
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
