import { createHash } from 'node:crypto';
import { trainModel } from '../train-model.js';
import type { GradientBoostingModel } from './gradient-boosting.js';

it.each([
  [1, '1df64bd623bedc771e3ec43243f23019d2fff33a6a4d0d991a508deba78f3925'],
  [1e-3, '3a53afd7630e7f8c40190c42f78a40222faa6e5beba5b4c2609ae39e5f72fbd7'],
])('gives the same bytes on every version of Node with min_child_weight %d', async (min_child_weight, expected) => {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const features = Array.from({ length: 5 }, () => Float32Array.from({ length: 2_000 }, random));
  const labels = Uint8Array.from(features[0], (value, row) => (value + random() > features[1][row] + 0.5 ? 1 : 0));
  const model = await trainModel(
    { kind: 'gradient_boosting', hyperparameters: { min_child_weight } },
    { features, labels, classes: 2 },
    { seed: 1, threads: 1 },
  );
  const hash = createHash('sha256');
  for (const { threshold, value, gain } of (model as GradientBoostingModel).trees) {
    hash.update(JSON.stringify([[...threshold], [...value], [...gain]]));
  }
  expect(hash.digest('hex')).toBe(expected);
});
