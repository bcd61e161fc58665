import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../../../test/helper/tiny-bundle.js';
import type { Drift } from '../generate-data/drift.js';
import { generateData } from '../generate-data/generate-data.js';
import { readRecipe } from '../data/read-recipe.js';
import { InputError } from '../input.error.js';
import { STRICT } from './testing/rules.js';
import { failedNames, TINY_HEADER, TINY_ROWS, validateText } from './testing/tiny-data.js';
import { validateData } from './validate-data.js';

const folder = temporaryFolder();
const reference = join(folder, 'reference_stats.json');
const BASELINE = 'models/random_forest/1/baseline.json';

/** Validates generated rows: which drift checks failed? */
async function driftOf(rows: number, seed: number, drift?: Drift, against = reference): Promise<string[]> {
  const data = join(folder, 'generated.csv');
  await generateData({ output: data, rows, seed, drift, labelNoise: 0 });
  const { inputs: schema } = await readRecipe('config/features.yaml');
  const options = { data, schema, target: 'target', rules: STRICT, memoryMegabytes: 128 };
  const report = await validateData({ ...options, reference: against });
  return failedNames(report).filter((name) => /^(population|kolmogorov)/.test(name));
}

beforeAll(async () => {
  const data = join(folder, 'reference.csv');
  await generateData({ output: data, rows: 5_000, seed: 1, labelNoise: 0 });
  const { inputs: schema } = await readRecipe('config/features.yaml');
  const { statistics } = await validateData({ data, schema, target: 'target', rules: STRICT, memoryMegabytes: 128 });
  await writeFile(reference, JSON.stringify(statistics));
});

describe('drift', () => {
  it.each([5_000, 1_000, 100, 30])('is not found in %d other rows of the same kind', async (rows) => {
    for (const seed of [2, 3]) expect(await driftOf(rows, seed)).toEqual([]);
  });

  it("is not found against the default model's baseline either", async () => {
    expect(await driftOf(3_000, 5, undefined, BASELINE)).toEqual([]);
  });

  const both = (column: string) => [`populationStability:${column}`, `kolmogorovSmirnov:${column}`];
  it.each<[Drift, string[]]>([
    [{ kind: 'shift', column: 'feature_3', amount: 0.5 }, both('feature_3')],
    [{ kind: 'shift', column: 'feature_5', amount: 2 }, both('feature_5')],
    [{ kind: 'scale', column: 'feature_3', amount: 2 }, both('feature_3')],
    [{ kind: 'range', column: 'feature_3', amount: 0.2 }, both('feature_3')],
    [{ kind: 'missing', column: 'feature_3', amount: 0.1 }, ['populationStability:feature_3']],
  ])('is found in the column that has it, and there only: %j', async (drift, expected) => {
    expect(await driftOf(2_000, 2, drift)).toEqual(expected);
  });

  it('is found in the classes too', async () => {
    const failed = await driftOf(2_000, 2, { kind: 'shift', column: 'feature_4', amount: 60 });
    expect(failed).toEqual([...both('feature_4'), 'populationStability:target']);
  });

  it('cannot be judged against a reference of other columns', async () => {
    const validation = validateText(folder, TINY_HEADER + TINY_ROWS, {}, BASELINE);
    await expect(validation).rejects.toThrow(
      new InputError(`${BASELINE} does not describe the column "x": drift cannot be judged.`),
    );
  });

  it('cannot be judged by a histogram with counts too few', async () => {
    const damaged = join(folder, 'damaged.json');
    const { columns, ...rest } = JSON.parse(await readFile(BASELINE, 'utf8')) as { columns: Record<string, any> };
    columns.feature_2.histogram.counts.pop();
    await writeFile(damaged, JSON.stringify({ ...rest, columns }));
    await expect(driftOf(100, 1, undefined, damaged)).rejects.toThrow(
      /^\S+damaged\.json: the histogram of "feature_2" has \d+ counts between \d+ edges; write the reference anew\.$/,
    );
  });

  it('cannot be judged against what is no reference', async () => {
    const validation = validateText(folder, TINY_HEADER + TINY_ROWS, {}, 'package.json');
    await expect(validation).rejects.toThrow(InputError);
  });
});
