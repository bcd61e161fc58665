import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageOptions } from '../stage.options.js';
import { temporaryFolder } from '#testing';
import { readColumns, withDuckDb } from '#tables';
import { STRICT } from '../../../validation/src/testing/rules.js';
import { preprocess } from './preprocess.stage.js';
import { preparedFiles } from '../files/stage-files.js';

const folder = temporaryFolder();

/** Prepares rows of two columns and a label. */
async function prepare(
  names: readonly string[],
  label: string,
  rows: readonly string[],
  testShare = 0.5,
  settings: Partial<StageOptions['data']> = {},
) {
  const [path, recipe] = [join(folder, 'data.csv'), join(folder, 'recipe.json')];
  writeFileSync(path, [[...names, label].join(), ...rows, ''].join('\n'));
  const inputs = names.map((name) => ({ name, type: 'float', nullable: false }));
  writeFileSync(recipe, JSON.stringify({ inputs, steps: [{ kind: 'standardize', columns: names }], outputs: names }));
  const cleaning = { dropMissing: true, dropDuplicates: false, outlierRanges: 0, maxDroppedShare: 1, ...settings };
  const data = { path, recipe, target: label, processed: folder, ...cleaning };
  return preprocess({ data, training: { seed: 1, testShare }, validation: STRICT } as unknown as StageOptions, {});
}

/** The size of the multiset intersection of two sorted lists. */
function common(one: readonly string[], other: readonly string[]): number {
  const left = [...other];
  return one.filter((item) => {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  }).length;
}

describe('preprocess', () => {
  const files = preparedFiles(folder);

  it.each([
    [['x', 'target'], 'label'],
    [['size', 'rank'], 'row'],
    [['row', 'is_test'], 'class_index'],
    [['class_index', 'a'], 'A'],
    [['a', 'A'], 'is_test'],
    [['Target', 'label'], 'LABEL'],
  ])('takes columns of any name: %j and the label %s', async (names, label) => {
    const rows = ['1,10,0', '2,20,0', '3,30,1', '4,40,1'];
    expect(await prepare(names, label, rows)).toMatchObject({ classes: [0, 1], rows: { train: 2, test: 2 } });
    const read = (file: string) =>
      withDuckDb({}, (connection) => readColumns(connection, `SELECT * FROM read_parquet('${file}')`));
    const [train, test] = [await read(files.train), await read(files.test)];
    const columns = train.map((column, c) => [...column, ...test[c]].sort((a, b) => a - b));
    expect(columns).toEqual([
      [1, 2, 3, 4],
      [10, 20, 30, 40],
      [0, 1, 2, 3],
      [0, 0, 1, 1],
    ]);
  });

  it.each([0.01, 0.9])(
    'has every class in both parts when %s are to test, one of a single row in training',
    async (share) => {
      const rows = ['1,1,a', '2,1,a', '3,1,b', '4,1,b', '5,1,c'];
      expect((await prepare(['x', 'y'], 'label', rows, share)).rows).toMatchObject({ train: 3, test: 2 });
    },
  );

  it('says why no class is left', async () => {
    await expect(prepare(['x', 'y'], 'label', ['1,,a', '1,,b'])).rejects.toThrow(
      '"label" has 0 class(es) in the 0 clean rows; at least two are needed. Of 2 rows dropped: 2 with missing values; 0 kept.',
    );
    await expect(prepare(['x', 'y'], 'label', ['1,1,a', '1,2,b'])).rejects.toThrow('none is left for the test part.');
  });

  it('leaves outliers out of the training part alone, by its own quartiles, and none of a column of zeros', async () => {
    const usual = Array.from({ length: 96 }, (_, i) => `${i % 12},${i % 8 === 0 ? 1 : 0},${i % 2}`);
    const far = ['1000,0,0', '1001,0,1', '1002,0,0', '1003,0,1'];
    const { rows } = await prepare(['x', 'y'], 'label', [...usual, ...far], 0.5, { outlierRanges: 3 });
    const read = async (file: string) =>
      (await withDuckDb({}, (connection) => readColumns(connection, `SELECT * FROM read_parquet('${file}')`)))[0];
    const farIn = async (file: string) => (await read(file)).filter((value) => value >= 1000).length;
    expect(rows.outliers).toBeGreaterThan(0);
    expect(rows).toMatchObject({ train: 50 - rows.outliers, test: 50, kept: 100 - rows.outliers });
    expect([await farIn(files.train), await farIn(files.test)]).toEqual([0, 4 - rows.outliers]);
  });

  it('counts the rows that a server would take, whatever part they come to and before outliers are left out', async () => {
    const usual = Array.from({ length: 96 }, (_, i) => `${i % 8},${i % 2},${i % 3 ? 'a' : 'b'}`);
    const far = Array.from({ length: 4 }, (_, i) => `${1000 + i},0,a`);
    const { cells } = await prepare(['x', 'y'], 'label', [...usual, ...far, ',1,a'], 0.5, { outlierRanges: 3 });
    expect(cells).toEqual({
      x: {
        missing: 0,
        minimum: 0,
        uppers: [0, 1, 2, 3, 4, 5, 6, 7, 1000, 1001, 1002, 1003],
        counts: [...Array<number>(8).fill(12), 1, 1, 1, 1],
      },
      y: { missing: 0, minimum: 0, uppers: [0, 1], counts: [52, 48] },
    });
  });

  it('says which class has nothing but outliers to train on', async () => {
    const usual = Array.from({ length: 24 }, (_, i) => `${i},1,a`);
    const refused = prepare(['x', 'y'], 'label', [...usual, '1000,1,b', '1001,1,b'], 0.5, { outlierRanges: 3 });
    await expect(refused).rejects.toThrow('every row for training of the class "b" was dropped as an outlier.');
  });

  it('stops where cleaning takes more than a share, and names the settings', async () => {
    const rows = [...Array.from({ length: 8 }, (_, i) => `1,${i % 2},${i % 2}`), ',1,0', '1,1,NA'];
    const settings = { dropDuplicates: true, maxDroppedShare: 0.5 };
    await expect(prepare(['x', 'y'], 'label', rows, 0.5, settings)).rejects.toThrow(
      'cleaning would drop 77.78 % of the rows, more than data.maxDroppedShare (50 %) allows. ' +
        'Of 10 rows dropped: 1 without a label, 1 with missing values, 6 repeated; 2 kept. If this is intended, raise data.maxDroppedShare; ' +
        'otherwise, make columns nullable in data.recipe and fill them by an impute step, or set data.dropDuplicates to false.',
    );
  });

  it('keeps a row on its side when other rows come, of rows that are alike as many', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => `${i % 3},${i % 5},${i % 2}`);
    const sides = async (of: readonly string[]) => {
      await prepare(['x', 'y'], 'label', of);
      const [x, y, , label] = await withDuckDb({}, (connection) =>
        readColumns(connection, `SELECT * FROM read_parquet('${files.test}')`),
      );
      return Array.from(x, (value, i) => `${value},${y[i]},${label[i]}`).sort();
    };
    const before = await sides(rows);
    const reversed = await sides([...rows].reverse());
    expect(reversed).toEqual(before);
    const more = await sides([...rows, ...Array.from({ length: 40 }, (_, i) => `7,${i},${i % 2}`)]);
    const known = more.filter((row) => !row.startsWith('7,'));
    // The test part keeps its share, so only rows near the cut may move.
    const moved = before.length + known.length - 2 * common(before, known);
    expect(moved).toBeLessThanOrEqual(12);
  });

  it('replaces older files all at once, or none of them', async () => {
    const rows = ['1,1,a', '2,1,a', '3,1,b', '4,1,b'];
    await prepare(['x', 'y'], 'label', rows);
    writeFileSync(files.trainCsv, 'of another run');
    const contents = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]);
    const before = contents();
    const huge = Array.from({ length: 8 }, (_, row) => `1e308,1,${row % 2}`);
    await expect(prepare(['x', 'y'], 'label', huge)).rejects.toThrow('mean must be a finite number');
    const inputs = ['data.csv', 'recipe.json'];
    const others = ([name]: string[]) => !inputs.includes(name);
    expect(contents().filter(others)).toEqual(before.filter(others));
    await prepare(['x', 'y'], 'label', rows);
    expect(readdirSync(folder).sort()).toEqual(
      [...inputs, 'metadata.json', 'pipeline.json', 'test.parquet', 'train.parquet'].sort(),
    );
  });
});
