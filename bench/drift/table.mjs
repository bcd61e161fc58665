import { normalShare, normals } from './normal.mjs';

/** The columns of a made-up table of all kinds: 19 raw ones, and the score of a model. */

const TAIL_CATEGORIES = 5_000;

function cumulative(weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return Float64Array.from(weights, (weight) => (sum += weight) / total);
}

/** The place of a share in cumulative shares. */
function place(shares, share) {
  let [low, high] = [0, shares.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (share < shares[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

const zipf = (values, power) => cumulative(Array.from({ length: values }, (_, i) => (i + 1) ** -power));
const categories = (shares) => ({ type: 'category', of: (z) => place(shares, normalShare(z)), values: shares.length });
const float = (of, missing = 0) => ({ type: 'float', of, missing });
const integer = (of, missing = 0) => ({ type: 'integer', of, missing });
const boolean = (share) => ({ type: 'boolean', of: (z) => (normalShare(z) < share ? 1 : 0) });
const poisson = cumulative([
  0.0498, 0.1494, 0.224, 0.224, 0.168, 0.1008, 0.0504, 0.0216, 0.0081, 0.0027, 0.0008, 0.0004,
]);

/** Each is a monotonic function of a standard normal number, so that rows of a batch can be made alike. */
export const COLUMNS = [
  float((z) => z),
  float((z) => 100 + 15 * z),
  float((z) => Math.exp(z)),
  float((z) => normalShare(z)),
  float((z) => z ** 3, 0.02),
  float((z) => (z < 0 ? 0 : -Math.log(1 - (2 * normalShare(z) - 1)))),
  float((z) => Math.round(z * 100) / 100),
  integer((z) => place(poisson, normalShare(z))),
  integer((z) => Math.floor(10 * normalShare(z))),
  integer((z) => Math.floor(100 * normalShare(z))),
  integer((z) => Math.floor(-3 * Math.log(1 - normalShare(z))), 0.05),
  boolean(0.5),
  boolean(0.1),
  boolean(0.01),
  categories(zipf(TAIL_CATEGORIES, 1.1)),
  categories(zipf(TAIL_CATEGORIES, 0.9)),
  categories(zipf(5, 1)),
  categories(zipf(20, 1)),
  { ...categories(zipf(8, 0.5)), missing: 0.01 },
];

export const scoreOf = (z) => 1 / (1 + Math.exp(-1.5 * z));

/** Independent rows, column by column. Categories are raw places, not yet codes. */
export function drawRows(random, rows) {
  const normal = normals(random);
  const draw = (of, missing = 0) =>
    Float64Array.from({ length: rows }, () => {
      const value = of(normal());
      return missing > 0 && random.uniform() < missing ? NaN : value;
    });
  return { columns: COLUMNS.map(({ of, missing }) => draw(of, missing)), scores: draw(scoreOf) };
}
