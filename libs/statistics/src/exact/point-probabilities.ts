import { stirlingError } from './stirling.js';

/** x ln(x / mean) + mean - x, without cancellation near the mean. */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const share = (x - mean) / (x + mean);
  const square = share * share;
  let sum = (x - mean) * share;
  let power = 2 * x * share;
  for (let i = 3; ; i += 2) {
    power *= square;
    const next = sum + power / i;
    if (next === sum) return sum;
    sum = next;
  }
}

/**
 * ln P(X = x) for X of Binomial(n, p), in saddle-point form (C. Loader, "Fast and Accurate Computation of Binomial
 * Probabilities", 2000; as R's `dbinom`): differences of log-gamma would lose six digits at counts of 1e8.
 *
 * @param q 1 - p, passed separately so that neither loses digits
 */
export function logBinomialPoint(x: number, n: number, p: number, q: number): number {
  if (p === 0) return x === 0 ? 0 : -Infinity;
  if (q === 0) return x === n ? 0 : -Infinity;
  if (x === 0) return n * (p < 0.5 ? Math.log1p(-p) : Math.log(q));
  if (x === n) return n * (q < 0.5 ? Math.log1p(-q) : Math.log(p));
  const errors = stirlingError(n) - stirlingError(x) - stirlingError(n - x);
  const deviances = deviance(x, n * p) + deviance(n - x, n * q);
  return errors - deviances - 0.5 * (Math.log(2 * Math.PI) + Math.log(x) + Math.log1p(-x / n));
}

/** ln P(x of `drawn` are marked), for draws from `marked` marked and `others` unmarked ones. */
export function logHypergeometricPoint(x: number, marked: number, others: number, drawn: number): number {
  const all = marked + others;
  const [p, q] = [drawn / all, (all - drawn) / all];
  return (
    logBinomialPoint(x, marked, p, q) + logBinomialPoint(drawn - x, others, p, q) - logBinomialPoint(drawn, all, p, q)
  );
}
