/** Standard normal distribution function, to 1e-7 (Abramowitz and Stegun 26.2.17). */
export function normalShare(z) {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    0.3989422804014327 *
    Math.exp((-z * z) / 2) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}

/** Standard normal numbers by Box and Muller, two at a time. */
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

export function poissonDraw(random, mean) {
  if (mean > 50) {
    const normal = (random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2) * Math.sqrt(3);
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count++;
  return count;
}
