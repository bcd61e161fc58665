import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { predictProbabilities } from '../predict.js';
import { RandomStream } from '#kit';
import { trainModel } from '../train-model.js';
import type { TrainingData } from '../data/training-data.js';

const ONCE = { seed: 1, threads: 1 };

/** Trains on the first `known` rows and returns the accuracy on the others. */
async function accuracyOf({ features, labels, classes }: TrainingData, known: number, rounds: number): Promise<number> {
  const part = (from: number, to: number) => features.map((column) => column.slice(from, to));
  const training = { features: part(0, known), labels: labels.slice(0, known), classes };
  const spec = { kind: 'gradient_boosting', hyperparameters: { n_estimators: rounds } } as const;
  const held = labels.slice(known);
  const probabilities = predictProbabilities(await trainModel(spec, training, ONCE), part(known, labels.length));
  const right = held.filter((label, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own)) === label;
  });
  return right.length / held.length;
}

describe('gradient_boosting with features that share a byte', () => {
  it('learns from eight flags, whose combinations are exactly as many as a byte holds', async () => {
    const [, ...lines] = readFileSync('test/fixtures/learners/flag8.csv', 'utf8').trim().split('\n');
    const rows = lines.map((line) => line.split(','));
    const features = Array.from({ length: 8 }, (_, f) => Float32Array.from(rows, (row) => Number(row[f])));
    const labels = Uint8Array.from(rows, (row) => Number(row[8] === 'hi'));
    // scikit-learn's HistGradientBoostingClassifier has 0.860 on as many held-out rows.
    expect(await accuracyOf({ features, labels, classes: 2 }, 3_200, 100)).toBeGreaterThan(0.85);
  });

  it('learns 26 classes from 16 columns of 16 values, as letter recognition has', async () => {
    const random = new RandomStream(26, 16);
    const rows = 4_000;
    const centres = Array.from({ length: 26 }, () => Array.from({ length: 16 }, () => 2 + random.below(12)));
    const labels = Uint8Array.from({ length: rows }, () => random.below(26));
    const noise = (): number => random.below(3) + random.below(3) - 2;
    const features = Array.from({ length: 16 }, (_, f) =>
      Float32Array.from(labels, (label) => Math.max(0, Math.min(15, centres[label][f] + noise()))),
    );
    expect(await accuracyOf({ features, labels, classes: 26 }, 3_000, 5)).toBeGreaterThan(0.9);
  });

  it('finds the split of the best feature alone, however many values the features have', async () => {
    const spec = {
      kind: 'gradient_boosting',
      hyperparameters: { n_estimators: 1, max_depth: 1, min_child_weight: 1e-3 },
    } as const;
    const rootOf = async (features: Float32Array[], labels: Uint8Array) => {
      const model = await trainModel(spec, { features, labels, classes: 2 }, ONCE);
      if (!('trees' in model)) throw new Error('another kind');
      const [{ feature, threshold, gain }] = model.trees;
      return { feature: feature[0], threshold: threshold[0], gain: gain[0] };
    };
    const sizes = fc.oneof(
      fc.constantFrom(
        [2, 2, 2, 2, 2, 2, 2, 2],
        [16, 16],
        [4, 4, 4, 4],
        [2, 4, 2, 16],
        [8, 2, 16],
        [1, 16, 16, 1],
        [256, 2, 2],
      ),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 9 }),
    );
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (values, seed) => {
        const random = new RandomStream(seed, 3);
        const rows = 600;
        const features = values.map((size) => Float32Array.from({ length: rows }, () => random.below(size)));
        const labels = Uint8Array.from({ length: rows }, (_, row) =>
          Number(
            features.reduce((sum, column, f) => sum + column[row] / values[f], 2 * random.uniform()) >
              0.5 * values.length + 1,
          ),
        );
        labels.set([0, 1]);
        const alone = [];
        for (const column of features) alone.push(await rootOf([column], labels));
        const gains = alone.map(({ gain }) => gain);
        const feature = gains.indexOf(Math.max(...gains));
        const best = gains[feature] > 0 ? { ...alone[feature], feature } : { feature: 0, threshold: 0, gain: 0 };
        expect(await rootOf(features, labels)).toEqual(best);
      }),
      { numRuns: 60 },
    );
  });
});
