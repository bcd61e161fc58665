import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PipelineRecipe } from '#features';
import { temporaryFolder, TINY_RECIPE } from '#testing';
import { InputError } from '#kit';
import { fitFromScaler, plainRecipe, readScalerDump } from './fitted-recipe.js';

const folder = temporaryFolder();
const SCALER = { numeric_features: ['a', 'b', 'c'], mean: [1, 2, 3], scale: [10, 20, 30] };
const RECIPE: PipelineRecipe = {
  inputs: ['a', 'b'].map((name) => ({ name, type: 'float', nullable: false })),
  steps: [
    { kind: 'product', left: 'a', right: 'b', output: 'c' },
    { kind: 'standardize', columns: ['c', 'a', 'b'] },
  ],
  outputs: ['a', 'b', 'c'],
};

describe('fitFromScaler', () => {
  it('gives the standardize step the numbers of its own columns, in their order', () => {
    expect(fitFromScaler(RECIPE, SCALER, ['a', 'b', 'c'], 'recipe.yaml')).toEqual({
      format_version: 1,
      ...RECIPE,
      steps: [RECIPE.steps[0], { kind: 'standardize', columns: ['c', 'a', 'b'], mean: [3, 1, 2], scale: [30, 10, 20] }],
    });
  });

  it.each([
    ['b', 'a', 'c'],
    ['a', 'b'],
    ['a', 'b', 'c', 'd'],
  ])('refuses a model trained on %s, %s, ...', (...features) => {
    expect(() => fitFromScaler(RECIPE, SCALER, features, 'recipe.yaml')).toThrow(
      new InputError(
        `recipe.yaml: outputs are [a, b, c], the model was trained on [${features.join(', ')}]; names and order must be the same.`,
      ),
    );
  });

  it.each([[['a', 'b']], [['a', 'b', 'd']], [['a', 'b', 'c', 'd']]])('refuses a scaler fitted on %j', (columns) => {
    const numbers = columns.map(() => 1);
    const scaler = { numeric_features: columns, mean: numbers, scale: numbers };
    expect(() => fitFromScaler(RECIPE, scaler, ['a', 'b', 'c'], 'recipe.yaml')).toThrow(
      new InputError(
        `recipe.yaml: the standardize step names [c, a, b], the scaler was fitted on [${columns.join(', ')}]; they must be the same columns.`,
      ),
    );
  });

  it('refuses a recipe with a step that there is not', () => {
    const steps = [{ kind: 'cube', column: 'a', output: 'c' }] as unknown as PipelineRecipe['steps'];
    expect(() => fitFromScaler({ ...RECIPE, steps }, SCALER, ['a', 'b', 'c'], 'recipe.yaml')).toThrow(
      'recipe.yaml: steps.0 value of tag "kind" must be in oneOf (square, log1p, product, ',
    );
  });

  // So far only scalers can be imported.
  it('refuses a recipe whose impute step has no value', () => {
    const scaler = { numeric_features: ['weight_kg'], mean: [2], scale: [2] };
    expect(() => fitFromScaler(TINY_RECIPE, scaler, TINY_RECIPE.outputs, 'recipe.yaml')).toThrow(
      "recipe.yaml: steps.0 must have required property 'value'. Compare it with pipeline.schema.json",
    );
  });
});

describe('plainRecipe', () => {
  it('takes the raw columns as they are, but for the scaler', () => {
    expect(plainRecipe({ numeric_features: ['b'], mean: [0], scale: [1] }, ['a', 'b'])).toEqual({
      inputs: ['a', 'b'].map((name) => ({ name, type: 'float', nullable: false })),
      steps: [{ kind: 'standardize', columns: ['b'] }],
      outputs: ['a', 'b'],
    });
  });
});

describe('readScalerDump', () => {
  const path = join(folder, 'scaler.json');

  it.each([
    [{ mean: [1] }, '3 columns need as many means and scales, not 1 and 3'],
    [{ scale: [1, 2] }, '3 columns need as many means and scales, not 3 and 2'],
    [{ mean: [1, 2, null] }, 'mean.2 must be number'],
    [{ numeric_features: undefined }, "the document must have required property 'numeric_features'"],
  ])('refuses %j', async (change, problem) => {
    await writeFile(path, JSON.stringify({ ...SCALER, ...change }));
    await expect(readScalerDump(path)).rejects.toThrow(new InputError(`${path}: ${problem}.`));
  });

  it('reads a scaler', async () => {
    await writeFile(path, JSON.stringify(SCALER));
    expect(await readScalerDump(path)).toEqual(SCALER);
  });
});
