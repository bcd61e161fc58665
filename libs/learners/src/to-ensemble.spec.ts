import { RandomStream } from '#kit';
import { ensembleMargins } from '#onnx';
import { classProbabilities } from './class-probabilities.js';
import { predictProbabilities } from './predict.js';
import { toEnsemble } from './to-ensemble.js';
import { trainModel } from './train-model.js';

describe.each(['random_forest', 'gradient_boosting'] as const)('the trees of a %s', (kind) => {
  it.each([2, 4])(
    'answer in the shape that all share what they answer in their own, of %i classes',
    async (classes) => {
      const random = new RandomStream(7, classes);
      const features = [0, 1, 2].map(() => Float32Array.from({ length: 300 }, () => random.uniform()));
      const labels = Int32Array.from(features[0], (x, i) => Math.floor(classes * 0.5 * (x + features[1][i])));
      const model = await trainModel(
        { kind, hyperparameters: { n_estimators: 7 } },
        { features, labels, classes },
        { seed: 1, threads: 1 },
      );
      if (!('trees' in model)) throw new Error('no trees');
      const ensemble = toEnsemble(model);
      const margins = Float64Array.from(
        Array.from(labels, (_, row) => [
          ...ensembleMargins(
            ensemble,
            features.map((column) => column[row]),
          ),
        ]).flat(),
      );
      const probabilities = ensemble.link === 'identity' ? margins : classProbabilities(margins, classes);
      expect(probabilities.map(Math.fround)).toEqual(predictProbabilities(model, features));
      expect(ensemble.roots).toHaveLength(kind === 'gradient_boosting' && classes > 2 ? 7 * classes : 7);
    },
  );
});
