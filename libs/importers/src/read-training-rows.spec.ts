import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { InputError } from '#kit';
import { baselineOf } from '#bundle';
import { readTrainingRows } from './read-training-rows.js';

const folder = temporaryFolder();

describe('readTrainingRows', () => {
  const path = join(folder, 'data.csv');
  const read = async (text: string, indices?: number[]): ReturnType<typeof readTrainingRows> => {
    await writeFile(path, text);
    return readTrainingRows(path, indices);
  };

  it('reads numbers and what is missing, with any line ends and a byte order mark', async () => {
    expect(await read('\uFEFFx,y\r\n1,-2.5e3\r\n,0\r\n\r\n')).toEqual([
      { x: 1, y: -2500 },
      { x: null, y: 0 },
    ]);
  });

  it('reads what training reads: missing values in words, decimal commas, a separator line, the index of pandas', async () => {
    expect(await read('sep=;\r\n;x; y\r\n0;1,5;NA\n1; ;-2\r\n')).toMatchObject([
      { x: 1.5, y: null },
      { x: null, y: -2 },
    ]);
  });

  it('selects rows by their indices, in the order of these', async () => {
    expect(await read('x\n0\n1\n2\n3\n', [3, 1])).toEqual([{ x: 3 }, { x: 1 }]);
  });

  it('refuses an index beyond the last row', async () => {
    await expect(read('x\n0\n1\n', [0, 2])).rejects.toThrow(
      new InputError(`${path} has 2 rows, fewer than asked for.`),
    );
  });

  it('refuses what is no CSV', async () => {
    await expect(read('x,y\n1\n')).rejects.toThrow(
      new InputError(`${path} is not a CSV file with a header: line 2 has 1 cell, but the header has 2.`),
    );
  });

  it('leaves it to the schema whether a cell that is no number matters', async () => {
    const rows = await read('x,name\n1,one\n2,two\n');
    const column = (name: string) => [{ name, type: 'float', nullable: false } as const];
    expect(baselineOf(column('x'), rows).columns.x.mean).toBe(1.5);
    expect(() => baselineOf(column('name'), rows)).toThrow(
      new InputError('The data has no number in the column "name" of row 1.'),
    );
  });
});
