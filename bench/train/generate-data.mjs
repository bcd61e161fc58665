/**
 * Data after the recipe of the original data set (test/fixtures/golden/dataset.csv). The recipe was inferred: numpy's
 * `RandomState(42)` reproduces features 1 to 4 bit for bit, and the rule below all 1,000 targets.
 *
 * - feature_1, feature_2, feature_3: standard normal; feature_4: uniform in [0, 100); feature_5: 1 to 9
 * - target: 1 iff at least two of feature_1 > 0, feature_2 > 0.5 and feature_4 > 50 hold
 *
 * @param rows number of rows
 * @param noise share of rows whose target is turned over
 * @returns the 14 features of the original (not scaled: trees do not mind) as float32 columns, and the targets
 */
export function generateData(rows, { seed = 42, noise = 0 } = {}) {
  const random = mulberry32(seed);
  const features = Array.from({ length: 14 }, () => new Float32Array(rows));
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const [f1, f2, f3] = [normal(random), normal(random), normal(random)];
    const f4 = random() * 100;
    const f5 = 1 + Math.floor(random() * 9);
    const bins = [25, 50, 75].map((edge) => (f4 > edge && f4 <= edge + 25 ? 1 : 0));
    const values = [f1, f2, f3, f4, f5, f1 ** 2, f2 ** 2, f1 * f2, f1 * f4, f4 / (f5 + 1), Math.log1p(f4), ...bins];
    values.forEach((value, f) => (features[f][row] = value));
    const target = (f1 > 0) + (f2 > 0.5) + (f4 > 50) >= 2;
    labels[row] = target !== random() < noise ? 1 : 0;
  }
  return { features, labels };
}

/** Tommy Ettinger's Mulberry32 (public domain): enough for a benchmark's data. */
function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box and Muller's transform. */
const normal = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
