import fc from 'fast-check';
import { COMPARISON, ensembleClassifier, floorToFloat32 } from '#onnx';
import { anyEnsemble } from '#testing';
import { GraphKernel } from './graph/graph-kernel.js';
import { numberAbove } from './next-number.js';
import { probeRows } from './probe-rows.js';

const atMost = (x: number, type: 'float32' | 'float64'): number => (type === 'float64' ? x : floorToFloat32(x));
const below = (x: number, type: 'float32' | 'float64'): number => -numberAbove(-x, type);

it('has each threshold of an ensemble and both of its neighbours, in the type of its features', () => {
  fc.assert(
    fc.property(
      fc
        .constantFrom('float32' as const, 'float64' as const)
        .chain((input) => anyEnsemble({ features: 4, input, outputs: 2, link: 'identity' })),
      (ensemble) => {
        const { input, features, left, feature, threshold, comparison } = ensemble;
        const model = ensembleClassifier({ ...ensemble, join: 'sum' }, [0, 1], 'float64');
        const kernel = GraphKernel.of(model, ['probabilities'], 64);
        if (typeof kernel === 'string') throw new Error(kernel);
        const rows = probeRows(features, kernel.splits, input);
        const tried = Array.from({ length: features }, () => new Set<number>());
        rows.forEach((x, i) => tried[i % features].add(x + 0));
        for (let node = 0; node < left.length; node++) {
          if (left[node] < 0 || comparison[node] === COMPARISON.member || !Number.isFinite(threshold[node])) continue;
          // What rows are compared as decides which numbers are next to it.
          const t =
            comparison[node] === COMPARISON.below ? -atMost(-threshold[node], input) : atMost(threshold[node], input);
          if (!Number.isFinite(numberAbove(t, input)) || !Number.isFinite(below(t, input))) continue;
          for (const x of [below(t, input), t, numberAbove(t, input)]) {
            expect([x, tried[feature[node]].has(x + 0)]).toEqual([x, true]);
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});
