/** Half a row stands for an empty bin, which would make the index infinite. */
const smoothed = (share: number, rows: number): number => Math.max(share, 0.5 / rows);

/**
 * Population stability index: sum of (a - e) ln(a / e) over bins, 0 for equal distributions. The usual reading: below
 * 0.1 no change, above 0.25 a large one (N. Siddiqi, "Credit Risk Scorecards", Wiley 2006). It is the sum of the
 * Kullback-Leibler divergences in both directions: J of H. Jeffreys, Proc. R. Soc. A 186 (1946).
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
 * The critical index at a significance level of 0.1 %: between samples of one distribution the index is (1/n + 1/m)
 * times a chi-square with bins - 1 degrees of freedom (B. Yurdakul, "Statistical Properties of Population Stability
 * Index", Western Michigan University 2018). The quantile is Wilson and Hilferty's (PNAS 17, 1931).
 */
export function stabilityByChance(bins: number, rows: { readonly expected: number; readonly actual: number }): number {
  const freedom = Math.max(1, bins - 1);
  const spread = 2 / (9 * freedom);
  return freedom * (1 - spread + Z * Math.sqrt(spread)) ** 3 * (1 / rows.expected + 1 / rows.actual);
}
