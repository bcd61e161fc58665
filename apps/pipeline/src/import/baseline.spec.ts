import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawSchema } from '#features';
import { temporaryFolder } from '../../../../test/helper/tiny-bundle.js';
import { InputError } from '../input.error.js';
import { baselineOf, readTrainingRows } from './baseline.js';

const folder = temporaryFolder();
const SCHEMA: RawSchema = [{ name: 'x', type: 'float', nullable: true }];
const baselineOfX = (...values: (number | null)[]) =>
  baselineOf(
    SCHEMA,
    values.map((x) => ({ x })),
  ).columns.x;

describe('baselineOf', () => {
  it('describes a column: moments, quantiles between order statistics, a histogram of 20 bins', () => {
    const twentyOne = Array.from({ length: 21 }, (_, i) => 20 - i);
    expect(baselineOfX(...twentyOne)).toEqual({
      missing: 0,
      mean: 10,
      standard_deviation: Math.sqrt(770 / 21),
      quantiles: [0, 1, 5, 10, 15, 19, 20],
      histogram: { edges: Array.from({ length: 21 }, (_, i) => i), counts: [...Array<number>(19).fill(1), 2] },
    });
  });

  it('interpolates quantiles', () => {
    const quantiles = [10, 10.5, 12.5, 15, 17.5, 19.5, 20];
    baselineOfX(20, 10).quantiles.forEach((value, i) => expect(value).toBeCloseTo(quantiles[i], 12));
  });

  it('counts what is missing and leaves it out of the rest', () => {
    expect(baselineOfX(null, 2, null, 4)).toMatchObject({ missing: 2, mean: 3, standard_deviation: 1 });
  });

  it('gives a constant column bins of width 1', () => {
    const { standard_deviation, quantiles, histogram } = baselineOfX(5, 5, 5);
    expect(standard_deviation).toBe(0);
    expect(quantiles).toEqual(Array(7).fill(5));
    expect(histogram.edges).toEqual(Array.from({ length: 21 }, (_, i) => 5 + i));
    expect(histogram.counts).toEqual([3, ...Array<number>(19).fill(0)]);
  });

  it('describes the columns of the schema and no others, and tells how many rows there were', () => {
    const baseline = baselineOf(SCHEMA, [{ x: 1, y: 2 }, { y: 3 }]);
    expect([baseline.rows, Object.keys(baseline.columns), baseline.columns.x.missing]).toEqual([2, ['x'], 1]);
  });

  it('refuses a column without a value', () => {
    expect(() => baselineOfX(null, null)).toThrow(new InputError('The data has no value in the column "x".'));
  });
});

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
      new InputError(
        `${path} is not a CSV file with a header: Invalid Record Length: columns length is 2, got 1 on line 2`,
      ),
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
