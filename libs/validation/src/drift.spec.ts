import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { type Drift, generateData } from '#training';
import { readRecipe } from '#bundle';
import { InputError } from '#kit';
import { STRICT } from './testing/rules.js';
import { failedNames, TINY_HEADER, TINY_ROWS, validateText } from './testing/tiny-data.js';
import { validateData } from './validate-data.js';

const folder = temporaryFolder();
const reference = join(folder, 'reference_stats.json');
const BASELINE = 'models/random_forest/1/baseline.json';

/** Validates generated rows and returns the drift checks that failed. */
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

  describe('of a column of few values', () => {
    /** A column of 5,000 rows from the counts of 0, 1, 2, ...; the last value fills the rest. */
    const column = (...counts: number[]) => counts.flatMap((count, i) => Array<number>(count).fill(i));
    const stability = async (
      before: number[],
      after: number[],
      change = (statistics: object): object => statistics,
    ) => {
      const rowsOf = (values: number[]) => values.map((value, i) => `${value},${i},a\n`).join('');
      const rules = {
        ranges: { severity: 'off', maxShare: 0 },
        classBalance: { severity: 'off', minShare: 0 },
      } as const;
      const { statistics } = await validateText(folder, TINY_HEADER + rowsOf(before), rules);
      const file = join(folder, 'few.json');
      await writeFile(file, JSON.stringify(change(statistics)));
      const { checks } = await validateText(folder, TINY_HEADER + rowsOf(after), rules, file);
      return checks.find(({ check, column: name }) => check === 'populationStability' && name === 'x')!.observed;
    };
    const withoutFrequencies = (statistics: any): object => {
      delete statistics.columns.x.frequencies;
      return statistics;
    };

    it.each([
      ['a flag', [2457, 2543], [1336, 3664], 0.2185],
      ['a rare flag', [4972, 28], [4532, 468], 0.256],
      [
        'ten categories',
        [101, 182, 271, 371, 458, 533, 637, 727, 829, 891],
        [904, 796, 808, 633, 527, 485, 358, 235, 177, 77],
        1.4246,
      ],
    ])('is the sum over its values: %s', async (_, before, after, expected) => {
      expect(await stability(column(...before), column(...after))).toBeCloseTo(expected, 4);
      expect(await stability(column(...before), column(...after), withoutFrequencies)).toBeCloseTo(expected, 4);
    });

    it('counts a value that the reference does not know', async () => {
      // 1/2 of the rows; an empty bin of 100 rows counts as half a row.
      const [share, none] = [0.5, 0.005];
      const expected = (share - 1) * Math.log(share) + (share - none) * Math.log(share / none);
      expect(await stability(column(100), column(50, 50))).toBeCloseTo(expected, 12);
    });

    it('sees what happens beside a heavy value of a column of many', async () => {
      const zeros = Array<number>(900).fill(0);
      const amounts = (times: number) => [...zeros, ...Array.from({ length: 100 }, (_, i) => times * (i + 1))];
      expect(await stability(amounts(1), amounts(0.2))).toBeGreaterThan(0.1);
      expect(await stability(amounts(1), amounts(1))).toBe(0);
    });
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
      /^\S+damaged\.json: the histogram of "feature_2" has \d+ counts between \d+ edges; write the reference again\.$/,
    );
  });

  it('cannot be judged against what is no reference', async () => {
    const validation = validateText(folder, TINY_HEADER + TINY_ROWS, {}, 'package.json');
    await expect(validation).rejects.toThrow(InputError);
  });
});
