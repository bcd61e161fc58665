import { outwardSum } from './outward-sum.js';
import { logBinomialPoint } from './point-probabilities.js';

/** ln P(X <= x) for X of Binomial(n, share): the exact test of whether a share is at least that large. */
export function logBinomialTail(x: number, n: number, share: number): number {
  if (x < 0) return -Infinity;
  if (x >= n || share <= 0) return 0;
  if (share >= 1) return -Infinity;
  const odds = (1 - share) / share;
  if (x <= n * share) {
    const down = (step: number): number => ((x - step + 1) / (n - x + step)) * odds;
    return Math.min(0, logBinomialPoint(x, n, share, 1 - share) + Math.log(outwardSum(down)));
  }
  const up = (step: number): number => (n - x - step) / (x + step + 1) / odds;
  const above = Math.exp(logBinomialPoint(x + 1, n, share, 1 - share)) * outwardSum(up);
  return Math.log1p(-Math.min(1, above));
}
