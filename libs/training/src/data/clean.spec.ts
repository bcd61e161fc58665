import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageOptions } from '../stage.options.js';
import type { PipelineRecipe } from '#features';
import { temporaryFolder } from '#testing';
import { InputError } from '#kit';
import { Database } from '#tables';
import { STRICT } from '../../../validation/src/testing/rules.js';
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

const ROWS = [
  '1,1,,a,k',
  '1,2,5,b,k',
  '1,3,5,a,k',
  '2,1,5,b,k',
  '2,2,5,a,k',
  '2,3,5,b,k',
  '2,3,5,b,k',
  '2,3,5,b,other',
  ',1,5,a,k',
  '1,1,5,,k',
  '1,1,5,NA,k',
];

describe('loadClean', () => {
  const path = join(temporaryFolder(), 'data.csv');
  const settings = { path, target: 'label', dropMissing: true, dropDuplicates: true };
  const clean = (
    changes: Partial<StageOptions['data']> = {},
    rows = ROWS,
    rules: Partial<StageOptions['validation']> = {},
    header = 'x,n,maybe,label,unknown',
  ) =>
    Database.use(200, undefined, async (database) => {
      writeFileSync(path, `${header}\n${rows.join('\n')}\n`);
      const data = { ...settings, ...changes } as StageOptions['data'];
      const validation = { ...STRICT, ...rules } as StageOptions['validation'];
      const { counts } = await loadClean(database, { data, validation }, recipe);
      const kept = await database.query<{ row: number }>('SELECT row FROM clean ORDER BY row');
      const labels = await database.query<{ target: unknown }>('SELECT DISTINCT target FROM clean ORDER BY target');
      return { counts, kept: kept.map(({ row }) => row), labels: labels.map(({ target }) => target) };
    });

  it('counts the rows that it leaves out, one reason each', async () => {
    expect(await clean()).toMatchObject({
      counts: { raw: 11, malformed: 0, unlabelled: 2, missing: 1, duplicates: 1, kept: 7 },
      kept: [0, 1, 2, 3, 4, 5, 7],
    });
  });

  it('keeps what the settings say', async () => {
    expect((await clean({ dropDuplicates: false })).kept).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const all = await clean({ dropMissing: false, dropDuplicates: false }, ROWS.slice(0, 8));
    expect(all.kept).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('tells rows apart by columns that the recipe does not know, but not by the index that pandas writes', async () => {
    const [once, twice] = ['2,3,5,b,', '2,3,5,b,'];
    expect((await clean({}, ['1,1,5,a,""', once, `${twice}1`, `${twice}12`, once])).kept).toEqual([0, 1, 2, 3]);
    const indexed = await clean({}, ['0,1,1,5,a', '1,2,3,5,b', '2,2,3,5,b'], {}, ',x,n,maybe,label');
    expect(indexed.kept).toEqual([0, 1]);
  });

  it('takes a value that is not finite for a missing one', async () => {
    const rows = ['nan,1,5,a,k', '1,1,inf,b,k', '1,9,nan,a,k', 'inf,1,5,a,k', 'NA,1,5,a,k', ' ,1,5,a,k'];
    const { counts, kept } = await clean({}, [...ROWS, ...rows]);
    expect(counts).toMatchObject({ raw: 17, missing: 6 });
    expect(kept).toEqual([0, 1, 2, 3, 4, 5, 7, 13]);
  });

  it('takes the texts that are named for none, and no others', async () => {
    const rows = ['1,1,?,a,k', '2,2,-999,b,k', '3,3,5,NA,k'];
    const { counts, labels } = await clean({ missing: ['?', -999] }, rows);
    expect([counts.kept, labels]).toEqual([3, ['NA', 'a', 'b']]);
    await expect(clean({}, rows)).rejects.toThrow(
      '"maybe" is not a number in 1 of 3 rows, more than validation.types.maxShare (0) allows.',
    );
  });

  it('names the column that needs values, where rows without are to be kept', async () => {
    const kept = clean({ dropMissing: false }, [...ROWS, '1,inf,5,a,k']);
    await expect(kept).rejects.toThrow(
      `${path}: "x" has no finite number in 1 rows. Set data.dropMissing to true, or make it nullable`,
    );
  });

  it('names a column without any value, nullable or not', async () => {
    const empty = ['1,1,,a,k', '2,2,,b,k', '3,3,nan,a,k', '4,4,,b,k'];
    await expect(clean({}, empty)).rejects.toThrow(`${path}: "maybe" has no value in any clean row`);
  });

  it.each([
    ['texts that other programs take for truth', ['no', 'yes'], ['no', 'yes']],
    ['texts that look like dates', ['2020-01-01', '2021-01-01'], ['2020-01-01', '2021-01-01']],
    ['whole numbers', ['10', '9.0'], [9, 10]],
    ['whole numbers beside others', ['10', '9.0', '9', '0.5'], ['0.5', '10', '9', '9.0']],
    ['numbers that are not whole', ['0.5', '1.5'], ['0.5', '1.5']],
    ['texts like exponents', ['1E2', '10E1', '100'], ['100', '10E1', '1E2']],
    ['blanks around texts', ['" a"', 'a'], [' a', 'a']],
    ['codes', ['001', '1_1'], ['001', '1_1']],
    ['numbers beyond 2^53', ['9007199254740992', '9007199254740993'], ['9007199254740992', '9007199254740993']],
  ])('keeps labels: %s', async (_, labels, expected) => {
    const rows = labels.flatMap((label) => [`1,1,5,${label},k`, `2,2,5,${label},k`]);
    expect((await clean({}, rows)).labels).toEqual(expected);
  });

  it('refuses what validation does not tolerate, and leaves out what it does', async () => {
    const rows = [...ROWS, '1_000,1,5,a,k', '1,2,3'];
    await expect(clean({}, rows)).rejects.toThrow(
      `${path} cannot be read: 1 lines are malformed, more than validation.malformedRows.maxShare (0) allows.`,
    );
    const malformedRows = { severity: 'error', maxShare: 0.1 } as const;
    await expect(clean({}, rows, { malformedRows })).rejects.toThrow(
      '"x" is not a number in 1 of 12 rows, more than validation.types.maxShare (0) allows.',
    );
    const { counts } = await clean({}, rows, { malformedRows, types: { severity: 'warning', maxShare: 0 } });
    expect(counts).toMatchObject({ raw: 13, malformed: 1, unlabelled: 2, missing: 2, kept: 7 });
  });

  it('says which file cannot be read, in a sentence', async () => {
    const missing = clean({ path: '/nowhere.csv' });
    await expect(missing).rejects.toThrow(InputError);
    await expect(missing).rejects.toThrow(/^\/nowhere\.csv cannot be read: [^\n]+$/);
  });

  it('names a column that is not there', async () => {
    await expect(clean({ target: 'outcome' })).rejects.toThrow(
      new InputError(
        `${path} has no column "outcome", which data.target names. "validate" reports everything that is wrong with it.`,
      ),
    );
  });
});
