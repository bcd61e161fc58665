import { logIncompleteBeta } from '../exact/incomplete-beta.js';
import { logGamma } from '../exact/stirling.js';

const { LN2, exp, log, log1p, max } = Math;

/** How much the mixture trusts that a share is near the expected one: a prior of so many observations. */
const CONCENTRATION = 2;

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/**
 * How strongly counts speak for a share that is greater than the expected one: ln of an e-value that may be looked at at any time. A
 * share that is not greater reaches E >= 1 / alpha with a probability of alpha at most, however often one looks.
 *
 * Of the failures of two versions under one stream of requests, a share of `expected` belongs to the one that gets this share of
 * the requests, if both fail as often: traffic and its waves cancel out. The mixture of the binomial likelihood ratio over a
 * beta distribution (Lindon & Malek, "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 2022) is cut to shares above
 * the expected one.
 *
 * @param inside counts within the share, such as failures of the canary
 * @param outside the other counts
 * @param expected between 0 and 1; beyond, nothing can be said
 */
export function logExcessEvidence(inside: number, outside: number, expected: number): number {
  if (inside + outside === 0 || expected <= 0 || expected >= 1) return 0;
  const [a, b] = [expected * CONCENTRATION, (1 - expected) * CONCENTRATION];
  const above = (p: number, q: number): number => logIncompleteBeta(q, p, 1 - expected, expected);
  return logShareRatio(inside, outside, expected, a, b) + above(a + inside, b + outside) - above(a, b);
}

/** As {@link logExcessEvidence}, for a share that is another one, greater or smaller. */
export function logShareEvidence(inside: number, outside: number, expected: number): number {
  if (inside + outside === 0 || expected <= 0 || expected >= 1) return 0;
  return logShareRatio(inside, outside, expected, expected * CONCENTRATION, (1 - expected) * CONCENTRATION);
}

const logShareRatio = (inside: number, outside: number, expected: number, a: number, b: number): number =>
  logBeta(a + inside, b + outside) - logBeta(a, b) - inside * log(expected) - outside * log1p(-expected);

/**
 * How strongly pairs that disagree speak for two versions of which one is right more often: ln of an e-value, as of
 * {@link logExcessEvidence}. Both have answered the same rows; rows on which both are right, or both wrong, say nothing
 * (McNemar's argument). The mixture is over Beta(1/2, 1/2).
 *
 * @param gained rows on which only the one is right
 * @param lost rows on which only the other is
 */
export const logPairEvidence = (gained: number, lost: number): number =>
  (gained + lost) * LN2 + logBeta(gained + 0.5, lost + 0.5) - logBeta(0.5, 0.5);

/**
 * ln of the mean of e-values, which is one: several places of which any may show something are looked at under one bound.
 *
 * @param logs ln of each; of none, nothing is said
 */
export function logMeanEvidence(logs: readonly number[]): number {
  if (logs.length === 0) return 0;
  const most = max(...logs);
  return most + log(logs.reduce((sum, one) => sum + exp(one - most), 0) / logs.length);
}
