import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, TINY_FOREST } from '#testing';
import { InputError } from '#kit';
import { readForestDump } from './forest-dump.js';

const folder = temporaryFolder();
const path = join(folder, 'forest.json');
const DUMP = { type: 'RandomForestClassifier', ...TINY_FOREST };

/** A copy of the dump with the value at one path changed; `undefined` removes it. */
function changed(place: string, value: unknown): string {
  const copy: any = structuredClone(DUMP);
  const keys = place.split('.');
  const parent = keys.slice(0, -1).reduce((at, key) => at[key], copy);
  parent[keys.at(-1)!] = value;
  return JSON.stringify(copy);
}

describe('readForestDump', () => {
  it('reads a dump', async () => {
    await writeFile(path, JSON.stringify(DUMP));
    expect(await readForestDump(path)).toEqual(DUMP);
  });

  it.each([
    ['type', 'GradientBoostingClassifier', 'type must be equal to constant.'],
    ['type', undefined, "the document must have required property 'type'."],
    ['classes', ['one'], 'classes must NOT have fewer than 2 items.'],
    ['classes', [0, 'one'], 'classes.1 must be integer.'],
    ['classes', [0.5, 1], 'classes.0 must be integer.'],
    ['feature_names', [], 'feature_names must NOT have fewer than 1 items.'],
    ['trees', [], 'trees must NOT have fewer than 1 items.'],
    ['trees.1.left', undefined, "trees.1 must have required property 'left'."],
    ['trees.1.threshold.0', null, 'trees.1.threshold.0 must be number.'],
    ['trees.1.left.0', 1.5, 'trees.1.left.0 must be integer.'],
    ['trees.0.value', [], 'trees.0.value must NOT have fewer than 1 items.'],
  ])('refuses %s = %j by its shape', async (place, value, problem) => {
    await writeFile(path, changed(place, value));
    await expect(readForestDump(path)).rejects.toThrow(new InputError(`${path}: ${problem}`));
  });

  it.each([
    ['trees.1.left', [1, -1], 'trees[1]: its arrays differ in length (5 values)'],
    ['trees.0.feature', [], 'trees[0]: its arrays differ in length (5 values)'],
    ['trees.0.value.3', [0.5, 0.5], 'trees[0]: node 3 has 2 class shares, not 3'],
    ['trees.0.left.0', 0, 'trees[0]: node 0 has children 0 and 2'],
    ['trees.0.right.2', 1, 'trees[0]: node 2 has children 3 and 1'],
    ['trees.0.right.2', 5, 'trees[0]: node 2 has children 3 and 5'],
    ['trees.0.left.1', 2, 'trees[0]: node 1 has children 2 and -1'],
    ['trees.1.feature.1', 4, 'trees[1]: node 1 asks for feature 4'],
    ['trees.1.feature.1', -2, 'trees[1]: node 1 asks for feature -2'],
  ])('refuses %s = %j, naming the tree and the node', async (place, value, problem) => {
    await writeFile(path, changed(place, value));
    await expect(readForestDump(path)).rejects.toThrow(
      new InputError(`${path}: ${problem}. Export the model again with tools/export_sklearn.py.`),
    );
  });
});
