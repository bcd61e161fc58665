import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineConfig } from '#config';
import type { PipelineRecipe } from '#features';
import { temporaryFolder } from '../../../../test/helper/tiny-bundle.js';
import { InputError } from '../input.error.js';
import { Database } from '../validate/source/database.js';
import { STRICT } from '../validate/testing/rules.js';
import { loadClean } from './clean.js';

const recipe: PipelineRecipe = {
  inputs: [
    { name: 'x', type: 'float', nullable: false },
    { name: 'n', type: 'integer', nullable: false },
    { name: 'maybe', type: 'float', nullable: true },
  ],
  steps: [],
  outputs: ['x'],
};

/** Quartiles of x are 1 and 2 in rows 0 to 5: with 3 ranges, whatever is outside of -2 to 5 lies out. */
const ROWS = [
  '1,1,,a',
  '1,2,5,b',
  '1,3,5,a',
  '2,1,5,b',
  '2,2,5,a',
  '2,3,5,b',
  '2,3,5,b',
  '5.5,1,5,a',
  ',1,5,a',
  '1,1,5,',
];

describe('loadClean', () => {
  const path = join(temporaryFolder(), 'data.csv');
  const settings = { path, target: 'label', dropMissing: true, dropDuplicates: true, outlierRanges: 3 };
  const clean = (
    changes: Partial<PipelineConfig['data']> = {},
    rows = ROWS,
    rules: Partial<PipelineConfig['validation']> = {},
  ) =>
    Database.use(200, undefined, async (database) => {
      writeFileSync(path, `x,n,maybe,label\n${rows.join('\n')}\n`);
      const data = { ...settings, ...changes } as PipelineConfig['data'];
      const validation = { ...STRICT, ...rules } as PipelineConfig['validation'];
      const { counts } = await loadClean(database, { data, validation }, recipe);
      const kept = await database.query<{ row: number }>('SELECT row FROM clean ORDER BY row');
      const labels = await database.query<{ target: unknown }>('SELECT DISTINCT target FROM clean ORDER BY target');
      return { counts, kept: kept.map(({ row }) => row), labels: labels.map(({ target }) => target) };
    });

  it('counts the rows that it leaves out, one reason each', async () => {
    expect(await clean()).toMatchObject({
      counts: { raw: 10, missing: 2, duplicates: 1, outliers: 1, kept: 6 },
      kept: [0, 1, 2, 3, 4, 5],
    });
  });

  it('keeps what the settings say', async () => {
    expect((await clean({ dropDuplicates: false })).kept).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect((await clean({ outlierRanges: 0 })).kept).toEqual([0, 1, 2, 3, 4, 5, 7]);
    const n = (await clean({ dropMissing: false, outlierRanges: 0 }, ROWS.slice(0, 8))).kept;
    expect(n).toEqual([0, 1, 2, 3, 4, 5, 7]);
  });

  it('takes a value that is not finite for a missing one', async () => {
    const rows = ['nan,1,5,a', '1,1,inf,b', '1,9,nan,a', ...Array.from({ length: 4 }, (_, i) => `inf,${i},5,a`)];
    const { counts, kept } = await clean({}, [...ROWS, ...rows]);
    expect(counts).toMatchObject({ raw: 17, missing: 8, outliers: 1 });
    expect(kept).toEqual([0, 1, 2, 3, 4, 5, 12]);
  });

  it('bounds nothing by quartiles that are too far apart', async () => {
    const { counts } = await clean({}, ['-1e308,1,5,a', '1e308,2,5,b', '-1e308,3,5,a', '1e308,4,5,b']);
    expect(counts).toMatchObject({ outliers: 0, kept: 4 });
  });

  it('names the column that needs values, where rows without are to be kept', async () => {
    const kept = clean({ dropMissing: false }, [...ROWS, '1,inf,5,a']);
    await expect(kept).rejects.toThrow(
      `${path}: "x" has no finite number in 1 rows. Set data.dropMissing to true, or make it nullable`,
    );
  });

  it('names a column without any value, nullable or not', async () => {
    const empty = ['1,1,,a', '2,2,,b', '3,3,nan,a', '4,4,,b'];
    await expect(clean({}, empty)).rejects.toThrow(`${path}: "maybe" has no value in any clean row`);
  });

  it.each([
    ['texts that other programs take for truth', ['no', 'yes'], ['no', 'yes']],
    ['texts that look like dates', ['2020-01-01', '2021-01-01'], ['2020-01-01', '2021-01-01']],
    ['whole numbers', ['10', '9.0'], [9, 10]],
    ['numbers that are not whole', ['0.5', '1.5'], ['0.5', '1.5']],
    ['codes', ['001', '1_1'], ['001', '1_1']],
    ['numbers beyond 2^53', ['9007199254740992', '9007199254740993'], ['9007199254740992', '9007199254740993']],
  ])('keeps labels: %s', async (_, labels, expected) => {
    const rows = labels.flatMap((label) => [`1,1,5,${label}`, `2,2,5,${label}`]);
    expect((await clean({}, rows)).labels).toEqual(expected);
  });

  it('refuses what validation does not tolerate, and leaves out what it does', async () => {
    const rows = [...ROWS, '1_000,1,5,a', '1,2,3'];
    await expect(clean({}, rows)).rejects.toThrow(`${path} cannot be read: 1 lines are no rows.`);
    const malformedRows = { severity: 'error', maxShare: 0.1 } as const;
    await expect(clean({}, rows, { malformedRows })).rejects.toThrow('"x" is no number in 1 of 11 rows.');
    const { counts } = await clean({}, rows, { malformedRows, types: { severity: 'warning', maxShare: 0 } });
    expect(counts).toMatchObject({ raw: 12, missing: 4, kept: 6 });
  });

  it('says which file cannot be read, in a sentence', async () => {
    const missing = clean({ path: '/nowhere.csv' });
    await expect(missing).rejects.toThrow(InputError);
    await expect(missing).rejects.toThrow(/^\/nowhere\.csv cannot be read: [^\n]+$/);
  });

  it('names a column that is not there', async () => {
    await expect(clean({ target: 'outcome' })).rejects.toThrow(
      new InputError(`${path} has no column "outcome". "validate" tells all that is wrong with it.`),
    );
  });
});
