/** The rows on which exactly one of two classifiers is right. */
export interface McNemar {
  readonly only_candidate_right: number;
  readonly only_champion_right: number;
  /** The probability of a split at least this uneven if both err equally often. */
  readonly p_value: number;
}

/** The exact, two-sided binomial test with share 1/2: the smaller tail of Binomial(n, 1/2), doubled. */
function signTest(a: number, b: number): number {
  const n = a + b;
  // log of C(n, i) / 2^n, from i = 0 up.
  let log = -n * Math.LN2;
  let tail = 0;
  for (let i = 0; i <= Math.min(a, b); i++) {
    tail += Math.exp(log);
    log += Math.log((n - i) / (i + 1));
  }
  return Math.min(1, 2 * tail);
}

/** The test of McNemar (Note on the sampling error of the difference between correlated proportions, 1947), exact. */
export function mcnemar(labels: ArrayLike<number>, candidate: Int32Array, champion: Int32Array): McNemar {
  let [candidateOnly, championOnly] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    if (candidate[row] === champion[row]) continue;
    if (candidate[row] === labels[row]) candidateOnly++;
    else if (champion[row] === labels[row]) championOnly++;
  }
  return {
    only_candidate_right: candidateOnly,
    only_champion_right: championOnly,
    p_value: signTest(candidateOnly, championOnly),
  };
}
