import { mcnemar } from './mcnemar.js';

/** Rows on which exactly one model is right, and some on which both or neither are. */
function parted(candidateOnly: number, championOnly: number) {
  const labels = new Uint8Array(candidateOnly + championOnly + 4);
  const candidate = new Int32Array(labels.length).fill(1, candidateOnly, candidateOnly + championOnly + 2);
  const champion = new Int32Array(labels.length).fill(1, 0, candidateOnly);
  champion.fill(1, candidateOnly + championOnly, candidateOnly + championOnly + 2);
  return mcnemar(labels, candidate, champion);
}

it.each([
  [3, 10, 0.09228515625],
  [10, 3, 0.09228515625],
  [1, 5, 0.21875],
  [0, 0, 1],
  [2, 2, 1],
  [4_800, 5_200, 6.593515598672341e-5],
])('tells %d from %d as scipy.stats.binomtest does', (candidateOnly, championOnly, p) => {
  const { p_value, ...counts } = parted(candidateOnly, championOnly);
  expect(counts).toEqual({ only_candidate_right: candidateOnly, only_champion_right: championOnly });
  expect(p_value / p).toBeCloseTo(1, 9);
});

it('counts neither where both are wrong in their own way', () => {
  expect(mcnemar([0], Int32Array.of(1), Int32Array.of(2))).toMatchObject({
    only_candidate_right: 0,
    only_champion_right: 0,
  });
});
