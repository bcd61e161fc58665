/** A feature of more values is not worth joining with others. */
export const FEW_VALUES = 16;

/** Features whose bins are one code: the sum of `bin * before`. */
export interface FeatureGroup {
  readonly features: { readonly feature: number; readonly before: number }[];
  /** The number of codes. */
  product: number;
}

/**
 * Puts features together whose combinations of bins fit into `codes`, the smallest first. (After the bundles of Ke et al.:
 * "LightGBM", NIPS 2017, but exact, whether or not the features exclude each other.)
 *
 * @param counts bins of each feature; infinite for one that stays alone
 */
export function joinFeatures(counts: readonly number[], codes: number): FeatureGroup[] {
  const groups: FeatureGroup[] = [];
  const bySize = [...counts.keys()].sort((a, b) => counts[a] - counts[b] || a - b);
  for (const feature of bySize) {
    const room = groups.find(({ product }) => product * counts[feature] <= codes);
    if (room) {
      room.features.push({ feature, before: room.product });
      room.product *= counts[feature];
    } else {
      groups.push({ features: [{ feature, before: 1 }], product: Math.min(counts[feature], codes) });
    }
  }
  return groups;
}
