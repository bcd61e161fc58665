import { logGamma } from './stirling.js';

const { abs, exp, log, log1p, min } = Math;

const STEPS = 100_000;
const TINY = 1e-300;

/**
 * The continued fraction of the incomplete beta function, by Lentz's method (Press et al., "Numerical Recipes", 6.4).
 */
function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || TINY);
  let value = d;
  for (let m = 1; m < STEPS; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + term * d || TINY);
      c = 1 + term / c || TINY;
      value *= c * d;
    }
    if (abs(c * d - 1) < 1e-15) break;
  }
  return value;
}

/** ln of the regularised incomplete beta function. @param rest 1 - x, passed separately so that neither loses digits */
export function logIncompleteBeta(a: number, b: number, x: number, rest: number): number {
  const front = a * log(x) + b * log(rest) + logGamma(a + b) - logGamma(a) - logGamma(b);
  if (x < (a + 1) / (a + b + 2)) return front - log(a) + log(fraction(a, b, x));
  return log1p(-min(1, exp(front - log(b)) * fraction(b, a, rest)));
}
