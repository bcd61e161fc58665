import { ensembleMargins, type TreeEnsemble } from '#onnx';

/**
 * What a model of trees answers to a row, walked tree by tree in float64: the probability of each class, or its one number.
 *
 * @param features NaN where one is missing
 */
export function predictionOf(ensemble: TreeEnsemble, features: ArrayLike<number>): number[] {
  const margins = [...ensembleMargins(ensemble, features)];
  if (ensemble.link === 'identity') return margins;
  if (ensemble.link === 'exponential') return margins.map(Math.exp);
  if (ensemble.link === 'logistic') {
    const ofSecond = 1 / (1 + Math.exp(-margins[0]));
    return [1 - ofSecond, ofSecond];
  }
  const largest = Math.max(...margins);
  const shares = margins.map((margin) => Math.exp(margin - largest));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}
