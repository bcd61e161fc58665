import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineConfig } from '#config';
import type { PipelineRecipe } from '#features';
import { temporaryFolder } from '../../../../test/helper/tiny-bundle.js';
import { InputError } from '../input.error.js';
import { loadClean } from './clean.js';
import { readRows, withDuckDb } from './duckdb.js';

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
  const clean = (changes: Partial<PipelineConfig['data']> = {}) =>
    withDuckDb({}, async (connection) => {
      writeFileSync(path, `x,n,maybe,label\n${ROWS.join('\n')}\n`);
      const counts = await loadClean(connection, { ...settings, ...changes } as PipelineConfig['data'], recipe);
      const kept = await readRows<{ row: number }>(connection, 'SELECT row FROM clean ORDER BY row');
      return { counts, kept: kept.map(({ row }) => row) };
    });

  it('counts the rows that it leaves out, one reason each', async () => {
    expect(await clean()).toEqual({
      counts: { raw: 10, missing: 2, duplicates: 1, outliers: 1, kept: 6 },
      kept: [0, 1, 2, 3, 4, 5],
    });
  });

  it('keeps what the settings say', async () => {
    expect((await clean({ dropDuplicates: false })).kept).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect((await clean({ outlierRanges: 0 })).kept).toEqual([0, 1, 2, 3, 4, 5, 7]);
    expect((await clean({ dropMissing: false, outlierRanges: 0 })).kept).toEqual([0, 1, 2, 3, 4, 5, 7, 8]);
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
