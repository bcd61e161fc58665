import { readGolden, recordedRows, TINY_FOREST } from '#testing';
import type { Forest } from './forest.js';
import { forestProbabilities } from './forest-probabilities.js';

const leaf = (value: readonly number[]): Forest['trees'][number] => ({
  feature: [-2],
  threshold: [-2],
  left: [-1],
  right: [-1],
  value: [value],
});

describe('forestProbabilities', () => {
  it.each([
    ['left and left', [0, 24.5, 0.5, 0.5], [0.125, 0.625, 0.25]],
    ['left and right', [0, 24.5, 1, 0], [0, 1, 0]],
    ['right and right', [0, 25, 0, 1], [0.875, 0, 0.125]],
    ['right, right and left', [0.5, 0, 0, 1], [0.125, 0.125, 0.75]],
  ])('is the mean of the leaves that a row reaches: %s', (_, features, expected) => {
    expect(forestProbabilities(TINY_FOREST, features)).toEqual(expected);
  });

  it('is the root itself where a tree never asks', () => {
    const forest = { classes: [0, 1], feature_names: ['x'], trees: [leaf([0.25, 0.75]), leaf([1, 0])] };
    expect(forestProbabilities(forest, [0])).toEqual([0.625, 0.375]);
  });

  it('casts features to float32 and leaves thresholds in float64', () => {
    const tree = { feature: [0, -2, -2], threshold: [0.1, -2, -2], left: [1, -1, -1], right: [2, -1, -1] };
    const forest = {
      classes: [0, 1],
      feature_names: ['x'],
      trees: [
        {
          ...tree,
          value: [
            [1, 1],
            [1, 0],
            [0, 1],
          ],
        },
      ],
    };
    expect(forestProbabilities(forest, [0.1])).toEqual([0, 1]);
    expect(forestProbabilities(forest, [0.0999999999])).toEqual([0, 1]);
    expect(forestProbabilities(forest, [0.09999999])).toEqual([1, 0]);
  });

  it('is what scikit-learn answered, to the last digits of float64', () => {
    const forest = JSON.parse(readGolden('forest.json')) as Forest;
    const sound = recordedRows().filter(({ error }) => error === undefined);
    expect(sound).toHaveLength(1_482);
    const errors = sound.map(({ features, proba }) => {
      const got = forestProbabilities(forest, features as number[]);
      return Math.max(...got.map((probability, c) => Math.abs(probability - proba[c])));
    });
    expect(Math.max(...errors)).toBeLessThan(1e-14);
  });
});
