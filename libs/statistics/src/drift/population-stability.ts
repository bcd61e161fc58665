/** An empty bin would make the index infinite; half a row in it does not. */
const smoothed = (share: number, rows: number): number => Math.max(share, 0.5 / rows);

/**
 * Population stability index: sum of (a - e) ln(a / e) over bins, 0 for equal distributions. By the usual reading
 * below 0.1 nothing changed, above 0.25 much did (N. Siddiqi, "Credit Risk Scorecards", Wiley 2006). It is the
 * Kullback-Leibler divergence in both directions added: J of H. Jeffreys, Proc. R. Soc. A 186 (1946).
 *
 * @param expected share of the reference's rows in each bin
 * @param actual share of the data's rows in each bin
 */
export function populationStability(
  expected: readonly number[],
  actual: readonly number[],
  rows: { readonly expected: number; readonly actual: number },
): number {
  return expected.reduce((sum, share, i) => {
    if (share === 0 && actual[i] === 0) return sum;
    const [e, a] = [smoothed(share, rows.expected), smoothed(actual[i], rows.actual)];
    return sum + (a - e) * Math.log(a / e);
  }, 0);
}

/** 99.9 % quantile of the standard normal distribution. */
const Z = 3.090232306167813;

/**
 * The index that chance alone exceeds once in a thousand times: between samples of one distribution it is
 * (1/n + 1/m) times a chi-square of bins - 1 degrees of freedom (B. Yurdakul, "Statistical Properties of Population
 * Stability Index", Western Michigan University 2018). The quantile is Wilson and Hilferty's (PNAS 17, 1931).
 */
export function stabilityByChance(bins: number, rows: { readonly expected: number; readonly actual: number }): number {
  const freedom = Math.max(1, bins - 1);
  const spread = 2 / (9 * freedom);
  return freedom * (1 - spread + Z * Math.sqrt(spread)) ** 3 * (1 / rows.expected + 1 / rows.actual);
}
