const NEGLIGIBLE = 1e-18;

/**
 * 1 + r(1) + r(1) r(2) + ...: the tail of a distribution relative to its first term, by the ratios of successive terms.
 * It ends where terms become negligible, or once the sum exceeds `enough`.
 */
export function outwardSum(ratio: (step: number) => number, enough = Infinity): number {
  let [sum, term] = [1, 1];
  for (let step = 1; sum <= enough; step++) {
    term *= ratio(step);
    if (!(term > NEGLIGIBLE * sum)) break;
    sum += term;
  }
  return sum;
}
