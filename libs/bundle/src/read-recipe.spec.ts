import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { InputError } from '#kit';
import { readRecipe } from './read-recipe.js';

const folder = temporaryFolder();
const INPUT = { name: 'a', type: 'float', nullable: false };

describe('readRecipe', () => {
  it('reads the recipe of the default model', async () => {
    const { inputs, steps, outputs } = await readRecipe('config/features.yaml');
    expect([inputs.length, steps.length, outputs.length]).toEqual([5, 8, 14]);
  });

  it('refuses what is no recipe', async () => {
    const path = join(folder, 'recipe.yaml');
    await writeFile(path, 'inputs: []\nsteps: []\n');
    await expect(readRecipe(path)).rejects.toThrow(
      new InputError(`${path}: the document must have required property 'outputs'.`),
    );
  });

  it.each([
    [
      'a step that there is not',
      { steps: [{ kind: 'cube', column: 'a' }] },
      'steps.0 value of tag "kind" must be in oneOf',
    ],
    [
      'a step without its column',
      { steps: [{ kind: 'square', output: 'c' }] },
      "steps.0 must have required property 'column'",
    ],
    [
      'an unknown type',
      { inputs: [{ name: 'a', type: 'int', nullable: false }] },
      'inputs.0 value of tag "type" must be in oneOf',
    ],
    ['a range in words', { inputs: [{ ...INPUT, minimum: 'low' }] }, 'inputs.0.minimum must be number'],
    ['a range upside down', { inputs: [{ ...INPUT, minimum: 2, maximum: 1 }] }, 'the minimum of "a" is above'],
    ['a column twice', { inputs: [INPUT, INPUT] }, 'inputs[1] repeats the column "a"'],
    ['an output that nothing writes', { outputs: ['a', 'z'] }, 'outputs[1] names the column "z"'],
    ['no inputs', { inputs: [] }, 'inputs must NOT have fewer than 1 items'],
  ])('refuses %s before any data is read', async (_, change, problem) => {
    const path = join(folder, 'wrong.json');
    await writeFile(path, JSON.stringify({ inputs: [INPUT], steps: [], outputs: ['a'], ...change }));
    const refused = readRecipe(path);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(`${path}: ${problem}`);
  });

  it('refuses outputs that are no list', async () => {
    const path = join(folder, 'flawed.yaml');
    await writeFile(path, 'inputs: []\nsteps: []\noutputs: 3\n');
    await expect(readRecipe(path)).rejects.toThrow(InputError);
  });
});
