import fc from 'fast-check';
import { averagePrecision } from './average-precision.js';
import { rankByClass } from './ranking.js';
import { rocAuc } from './roc-auc.js';

/** Few distinct scores, so that ties are common. */
const row = fc.record({
  positive: fc.boolean(),
  score: fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8),
  weight: fc.integer({ min: 0, max: 3 }),
});
const rows = fc.array(row, { minLength: 2, maxLength: 40 });
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

const rank = (given: readonly Row[]) =>
  rankByClass(
    {
      labels: Uint8Array.from(given, ({ positive }) => Number(positive)),
      probabilities: Float64Array.from(given.flatMap(({ score }) => [1 - score, score])),
      classes: [0, 1],
    },
    1,
  );

it('rocAuc is the share of pairs in the right order, whatever the weights', () => {
  fc.assert(
    fc.property(rows, (given) => {
      let [right, pairs] = [0, 0];
      for (const one of given.filter(({ positive }) => positive)) {
        for (const other of given.filter(({ positive }) => !positive)) {
          const weight = one.weight * other.weight;
          pairs += weight;
          right += weight * (one.score > other.score ? 1 : one.score === other.score ? 0.5 : 0);
        }
      }
      const area = rocAuc(
        rank(given),
        Uint8Array.from(given, ({ weight }) => weight),
      );
      if (pairs === 0) expect(area).toBeNull();
      else expect(area).toBeCloseTo(right / pairs, 12);
    }),
  );
});

it('averagePrecision is the sum of precision times the gain in recall', () => {
  fc.assert(
    fc.property(rows, (given) => {
      const positives = given.filter(({ positive }) => positive).length;
      const thresholds = [...new Set(given.map(({ score }) => score))].sort((a, b) => b - a);
      let [sum, recallBefore] = [0, 0];
      for (const threshold of thresholds) {
        const above = given.filter(({ score }) => score >= threshold);
        const found = above.filter(({ positive }) => positive).length;
        sum += (found / above.length) * (found / positives - recallBefore);
        recallBefore = found / positives;
      }
      const precision = averagePrecision(rank(given));
      if (positives === 0) expect(precision).toBeNull();
      else expect(precision).toBeCloseTo(sum, 12);
    }),
  );
});
