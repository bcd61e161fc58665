/** A feature with more values is not worth joining with others. */
const FEW_VALUES = 16;

/** Features joined into one code: the sum of `bin * before`. */
export interface FeatureGroup {
  readonly features: { readonly feature: number; readonly before: number }[];
  /** The number of codes. */
  product: number;
}

/**
 * Joins features whose combinations of bins fit into `codes`, the smallest first. (After the bundles of Ke et al.:
 * "LightGBM", NIPS 2017, but exact, whether or not the features are exclusive.) A feature of many values stays alone.
 *
 * @param counts bins of each feature, at most `codes`
 */
export function joinFeatures(counts: readonly number[], codes: number): FeatureGroup[] {
  const groups: FeatureGroup[] = [];
  const bySize = [...counts.keys()].sort((a, b) => counts[a] - counts[b] || a - b);
  for (const feature of bySize) {
    // Small features come first, so that none joins a large one.
    const isSmall = counts[feature] <= FEW_VALUES;
    const group = isSmall ? groups.find(({ product }) => product * counts[feature] <= codes) : undefined;
    if (group) {
      group.features.push({ feature, before: group.product });
      group.product *= counts[feature];
    } else {
      groups.push({ features: [{ feature, before: 1 }], product: counts[feature] });
    }
  }
  return groups;
}
