/** A feature of more values is not worth joining with others. */
const FEW_VALUES = 16;

/** Features whose bins are one code: the sum of `bin * before`. */
export interface FeatureGroup {
  readonly features: { readonly feature: number; readonly before: number }[];
  /** The number of codes. */
  product: number;
}

/**
 * Puts features together whose combinations of bins fit into `codes`, the smallest first. (After the bundles of Ke et al.:
 * "LightGBM", NIPS 2017, but exact, whether or not the features exclude each other.) One of many values stays alone.
 *
 * @param counts bins of each feature, at most `codes`
 */
export function joinFeatures(counts: readonly number[], codes: number): FeatureGroup[] {
  const groups: FeatureGroup[] = [];
  const bySize = [...counts.keys()].sort((a, b) => counts[a] - counts[b] || a - b);
  for (const feature of bySize) {
    // Those of few values come first, so that none is put to one of many.
    const isSmall = counts[feature] <= FEW_VALUES;
    const room = isSmall ? groups.find(({ product }) => product * counts[feature] <= codes) : undefined;
    if (room) {
      room.features.push({ feature, before: room.product });
      room.product *= counts[feature];
    } else {
      groups.push({ features: [{ feature, before: 1 }], product: counts[feature] });
    }
  }
  return groups;
}
