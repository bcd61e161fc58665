import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineConfig } from '#config';
import { temporaryFolder } from '../../../../test/helper/tiny-bundle.js';
import { readColumns, withDuckDb } from '../data/duckdb.js';
import { STRICT } from '../validate/testing/rules.js';
import { preprocess } from './preprocess.stage.js';
import { preparedFiles } from './stage-files.js';

const folder = temporaryFolder();

/** Prepares rows of two columns and a label. */
async function prepare(names: readonly string[], label: string, rows: readonly string[], testShare = 0.5) {
  const [path, recipe] = [join(folder, 'data.csv'), join(folder, 'recipe.json')];
  writeFileSync(path, [[...names, label].join(), ...rows, ''].join('\n'));
  const inputs = names.map((name) => ({ name, type: 'float', nullable: false }));
  writeFileSync(recipe, JSON.stringify({ inputs, steps: [{ kind: 'standardize', columns: names }], outputs: names }));
  const cleaning = { dropMissing: true, dropDuplicates: false, outlierRanges: 0 };
  const data = { path, recipe, target: label, processed: folder, ...cleaning };
  return preprocess({ data, training: { seed: 1, testShare }, validation: STRICT } as unknown as PipelineConfig, {});
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
      '"label" has 0 class(es) in the 0 clean rows; two are needed. Of 2 rows 2 have missing values,',
    );
    await expect(prepare(['x', 'y'], 'label', ['1,1,a', '1,2,b'])).rejects.toThrow('none is left for the test.');
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
