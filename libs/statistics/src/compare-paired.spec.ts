import { RandomStream } from '#kit';
import { comparePaired } from './compare-paired.js';

const ROWS = 400;
const random = new RandomStream(1, 0);
const labels = new Uint8Array(ROWS).map(() => random.below(2));
/** Correct on `right` of a hundred rows, with probability 0.9. */
const model = (right: number): Float64Array =>
  Float64Array.from(labels, (label) => (random.below(100) < right ? label : 1 - label)).reduce(
    (probabilities, predicted, row) =>
      probabilities
        .fill(predicted === 1 ? 0.9 : 0.1, 2 * row + 1)
        .fill(predicted === 1 ? 0.1 : 0.9, 2 * row, 2 * row + 1),
    new Float64Array(2 * ROWS),
  );
const compare = (candidate: Float64Array, champion: Float64Array) =>
  comparePaired({ labels, classes: [0, 1], candidate, champion, seed: 3, resamples: 300 });
const [good, bad] = [model(95), model(70)];

it('finds no difference between a model and itself', () => {
  const same = { difference: 0, low: 0, high: 0 };
  expect(compare(good, good)).toMatchObject({
    rows: ROWS,
    accuracy: same,
    log_loss: same,
    roc_auc: same,
    mcnemar: { only_candidate_right: 0, only_champion_right: 0, p_value: 1 },
  });
});

it('tells a better model from a worse one, whichever is the candidate', () => {
  const better = compare(good, bad);
  expect(better.accuracy.low).toBeGreaterThan(0);
  expect(better.roc_auc!.low).toBeGreaterThan(0);
  expect(better.log_loss.high).toBeLessThan(0);
  expect(better.accuracy.difference).toBe(better.accuracy.candidate - better.accuracy.champion);
  const { only_candidate_right, only_champion_right, p_value } = better.mcnemar;
  expect((only_candidate_right - only_champion_right) / ROWS).toBeCloseTo(better.accuracy.difference, 12);
  expect(p_value).toBeLessThan(0.001);

  const worse = compare(bad, good);
  expect(worse.accuracy.low).toBeCloseTo(-better.accuracy.high, 12);
  expect(worse.mcnemar.only_champion_right).toBe(only_candidate_right);
});

it('tells of each class how well either recognises it', () => {
  const [, yes] = compare(good, bad).per_class;
  expect(yes.class).toBe(1);
  expect(yes.candidate.support).toBe(yes.champion.support);
  expect(yes.candidate.recall).toBeGreaterThan(yes.champion.recall + 0.1);
});

it('decides for either by its own threshold', () => {
  const unsure = Float64Array.of(0.6, 0.4, 0.6, 0.4);
  const sample = { labels: Uint8Array.of(1, 1), classes: [0, 1], candidate: unsure, champion: unsure, seed: 1 };
  expect(comparePaired({ ...sample, resamples: 0, thresholds: { champion: 0.4 } }).accuracy).toMatchObject({
    candidate: 0,
    champion: 1,
  });
});

it('is the same for the same seed', () => expect(compare(good, bad)).toEqual(compare(good, bad)));

it('has no difference in areas where there is one class', () => {
  const one = Float64Array.of(0.2, 0.8, 0.4, 0.6);
  const sample = { labels: Uint8Array.of(1, 1), classes: [0, 1], candidate: one, champion: one, seed: 1 };
  expect(comparePaired({ ...sample, resamples: 0 })).toMatchObject({
    roc_auc: null,
    accuracy: { candidate: 1, champion: 1, difference: 0, low: 0, high: 0 },
  });
});
