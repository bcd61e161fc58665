import { logIncompleteBeta } from '../exact/incomplete-beta.js';
import { logGamma } from '../exact/stirling.js';

const { LN2, exp, log, log1p, max } = Math;

/** Strength of the prior that a share is near the expected one, in observations. */
const CONCENTRATION = 2;

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/**
 * Evidence that a share is greater than expected: ln of an e-value that may be monitored continuously. If the share is
 * not greater, the probability that E ever reaches 1 / alpha is at most alpha.
 *
 * If two versions that serve one stream of requests fail equally often, a share `expected` of the failures belongs to
 * the version that gets this share of the requests; traffic and its changes cancel out. The mixture of the binomial
 * likelihood ratio over a beta distribution (Lindon & Malek, "Anytime-Valid Inference for Multinomial Count Data",
 * NeurIPS 2022) is restricted to shares above the expected one.
 *
 * @param inside counts within the share, such as failures of the canary
 * @param outside the other counts
 * @param expected between 0 and 1; beyond, there is no evidence
 */
export function logExcessEvidence(inside: number, outside: number, expected: number): number {
  if (inside + outside === 0 || expected <= 0 || expected >= 1) return 0;
  const [a, b] = [expected * CONCENTRATION, (1 - expected) * CONCENTRATION];
  const above = (p: number, q: number): number => logIncompleteBeta(q, p, 1 - expected, expected);
  return logShareRatio(inside, outside, expected, a, b) + above(a + inside, b + outside) - above(a, b);
}

/** As {@link logExcessEvidence}, two-sided: for a share that is greater or smaller. */
export function logShareEvidence(inside: number, outside: number, expected: number): number {
  if (inside + outside === 0 || expected <= 0 || expected >= 1) return 0;
  return logShareRatio(inside, outside, expected, expected * CONCENTRATION, (1 - expected) * CONCENTRATION);
}

const logShareRatio = (inside: number, outside: number, expected: number, a: number, b: number): number =>
  logBeta(a + inside, b + outside) - logBeta(a, b) - inside * log(expected) - outside * log1p(-expected);

/**
 * Evidence from discordant pairs that one of two versions is right more often: ln of an e-value, as of
 * {@link logExcessEvidence}. Both have answered the same rows; rows that both got right, or both wrong, carry no
 * information (McNemar). The mixture is over Beta(1/2, 1/2).
 *
 * @param gained rows that only the first version got right
 * @param lost rows that only the second version got right
 */
export const logPairEvidence = (gained: number, lost: number): number =>
  (gained + lost) * LN2 + logBeta(gained + 0.5, lost + 0.5) - logBeta(0.5, 0.5);

/**
 * ln of the mean of e-values, which is an e-value: it tests several hypotheses, any of which may be false, at one
 * level.
 *
 * @param logs ln of each; without any, there is no evidence
 */
export function logMeanEvidence(logs: readonly number[]): number {
  if (logs.length === 0) return 0;
  const most = max(...logs);
  return most + log(logs.reduce((sum, one) => sum + exp(one - most), 0) / logs.length);
}
