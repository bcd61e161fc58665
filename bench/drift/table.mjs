/** The columns of a made-up table of all kinds: 19 raw ones, and the score of a model. */

const TAIL_CATEGORIES = 5_000;

/** Standard normal distribution function, to 1e-7 (Abramowitz and Stegun 26.2.17). */
function normalShare(z) {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    0.3989422804014327 *
    Math.exp((-z * z) / 2) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}

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

/** Each is a function of a standard normal number, so that rows of a batch can be made alike. */
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

/** Normal numbers by Box and Muller, two at a time. */
export function normals(random) {
  let spare = NaN;
  return () => {
    if (spare === spare) {
      const one = spare;
      spare = NaN;
      return one;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
    const angle = 2 * Math.PI * random.uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/**
 * Draws rows. Categories are raw places, not yet codes.
 *
 * @param batch rows that follow each other and are alike, 1 for none
 * @param correlation between the normal numbers behind two rows of a batch
 */
export function drawRows(random, rows, { batch = 1, correlation = 0 } = {}) {
  const normal = normals(random);
  const [shared, own] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  const draw = (of, missing = 0) => {
    const values = new Float64Array(rows);
    let common = 0;
    for (let row = 0; row < rows; row++) {
      if (correlation > 0 && row % batch === 0) common = shared * normal();
      const value = of(correlation > 0 ? common + own * normal() : normal());
      values[row] = missing > 0 && random.uniform() < missing ? NaN : value;
    }
    return values;
  };
  return { columns: COLUMNS.map(({ of, missing }) => draw(of, missing)), scores: draw(scoreOf) };
}
