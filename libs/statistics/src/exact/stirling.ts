const { PI, log } = Math;

/** Up to here factorials are exact in float64; the series needs larger numbers. */
const SMALL = 15;

/** The remainder of Stirling's series, for x >= 15, to 1e-16. */
function series(x: number): number {
  const square = x * x;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / x;
}

const HALF_LOG_TAU = 0.5 * log(2 * PI);

const ERRORS = Array.from({ length: SMALL + 1 }, (_, n) => {
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return n === 0 ? 0 : log(factorial) - (n + 0.5) * log(n) + n - HALF_LOG_TAU;
});

/** ln(n!) minus Stirling's formula, for whole numbers. */
export const stirlingError = (n: number): number => (n <= SMALL ? ERRORS[n] : series(n));

/** ln of the gamma function, x > 0. */
export function logGamma(x: number): number {
  let shift = 0;
  for (; x < SMALL; x++) shift += log(x);
  return (x - 0.5) * log(x) - x + HALF_LOG_TAU + series(x) - shift;
}
