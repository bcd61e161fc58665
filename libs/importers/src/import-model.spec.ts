import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FeaturePipeline } from '#features';
import { BundleError, readAliases, readBundle } from '#bundle';
import { ServedModel } from '#runtime';
import { GOLDEN, readGolden, temporaryFolder, TINY_FOREST } from '#testing';
import { InputError } from '#kit';
import { importModel, type ImportOptions } from './import-model.js';

const folder = temporaryFolder();
let models: string;
let tests = 0;
beforeEach(async () => {
  models = join(folder, String(++tests));
  await mkdir(models);
});

const golden = (file: string): string => join(GOLDEN, file);
const original = (): ImportOptions => ({
  forest: golden('forest.json'),
  scaler: golden('scaler.json'),
  name: 'random_forest',
  modelsDirectory: models,
  recipe: 'config/features.yaml',
  metadata: golden('original_metadata.json'),
  golden: golden('predictions.jsonl'),
  data: golden('dataset.csv'),
  split: golden('split.json'),
  champion: false,
});

async function write(file: string, contents: unknown): Promise<string> {
  const path = join(folder, file);
  await writeFile(path, typeof contents === 'string' ? contents : JSON.stringify(contents));
  return path;
}

describe('Importing the original model', () => {
  it('writes models/random_forest/1 again, byte by byte', async () => {
    const { directory, parity, champion, proof } = await importModel(original());
    expect(proof).toEqual({ answered_by: 'source' });
    expect(directory).toBe(join(models, 'random_forest', '1'));
    expect(parity).toMatchObject({ rows: 256, labels_differing: 0 });
    expect(champion).toBe('1');

    const files = (await readdir('models/random_forest', { recursive: true })).sort();
    const written = (await readdir(join(models, 'random_forest'), { recursive: true })).sort();
    expect(written).toEqual([...files, 'history.jsonl'].sort());
    for (const file of files.filter((name) => /\.(json|onnx)$/.test(name))) {
      const [got, committed] = [models, 'models'].map((root) => readFile(join(root, 'random_forest', file)));
      expect([file, Buffer.compare(await got, await committed)]).toEqual([file, 0]);
    }
  });

  it('gives the next import the next number, and leaves the champion unless it is told otherwise', async () => {
    await importModel(original());
    expect(await importModel(original())).toMatchObject({
      directory: join(models, 'random_forest', '2'),
      champion: '1',
    });
    await importModel({ ...original(), champion: true });
    expect(await readAliases(models, 'random_forest')).toEqual({ champion: '3' });
  });

  it('writes nothing when the model does not reproduce its golden rows', async () => {
    const [first, ...rest] = readGolden('predictions.jsonl').trim().split('\n');
    const flawed = { ...JSON.parse(first), proba: [0.125, 0.875] };
    const path = await write('flawed.jsonl', [JSON.stringify(flawed), ...rest].join('\n'));
    await expect(importModel({ ...original(), golden: path })).rejects.toThrow(
      new BundleError(
        join(models, 'random_forest', '1', 'golden.json'),
        'rows[0]: probability of 0: expected 0.125, got 0',
        'The version does not reproduce its golden rows: train or import it again',
      ),
    );
    expect(await readdir(models)).toEqual([]);
  });

  it.each([
    ['data', 'dataset.csv'],
    ['metadata', 'metadata.json'],
    ['golden', 'golden.jsonl'],
    ['recipe', 'recipe.yaml'],
  ])('says that the file given as %s does not exist', async (option, file) => {
    const path = join(folder, file);
    await expect(importModel({ ...original(), [option]: path })).rejects.toThrow(
      new InputError(`${path} cannot be read: it does not exist.`),
    );
    expect(await readdir(models)).toEqual([]);
  });

  it.each(['my model', '../models', '', '.hidden', 'a/b'])('refuses the name "%s"', async (name) => {
    await expect(importModel({ ...original(), name })).rejects.toThrow(
      new InputError(`--name is "${name}"; use letters, digits, ".", "_" and "-".`),
    );
  });
  it('refuses a split whose training rows are no list', async () => {
    const split = await write('split.json', { train: 'all' });
    await expect(importModel({ ...original(), split })).rejects.toThrow(InputError);
  });

  it('refuses metadata that a manifest cannot hold, and writes nothing', async () => {
    const metadata = await write('metadata.json', { metrics: { test_accuracy: 'high' } });
    await expect(importModel({ ...original(), metadata })).rejects.toThrow(
      new BundleError(
        join(models, 'random_forest', '1', 'manifest.json'),
        'metrics.test_accuracy must be number',
        'Compare it with manifest.schema.json, or import the version again',
      ),
    );
    expect(await readdir(models)).toEqual([]);
  });
});

describe('Importing a forest and a scaler alone', () => {
  const forest = { type: 'RandomForestClassifier', ...TINY_FOREST };
  const scaler = { numeric_features: ['weight_kg'], mean: [2], scale: [2] };

  it('takes the raw columns as they are, and proves the model against the dumped trees', async () => {
    const { directory, parity, proof } = await importModel({
      forest: await write('forest.json', forest),
      scaler: await write('scaler.json', scaler),
      name: 'plain',
      modelsDirectory: models,
      champion: false,
    });
    expect(proof).toEqual({ answered_by: 'import' });
    expect(parity).toEqual({ rows: 256, max_feature_error: 0, max_probability_error: 0, labels_differing: 0 });
    const bundle = await readBundle(directory);
    expect(bundle.pipeline.inputs.map(({ name }) => name)).toEqual(TINY_FOREST.feature_names);
    expect(bundle.manifest).toMatchObject({
      algorithm: 'random_forest',
      hyperparameters: { n_estimators: 2 },
      metrics: {},
      train_samples: null,
      test_samples: null,
      classes: ['air', 'road', 'sea'],
      lineage: { source: 'scikit-learn', versions: {}, run_id: null },
    });
    expect(bundle.manifest.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    // Synthetic rows are no baseline: they only define the cells in which later rows are counted.
    expect(bundle.baseline).toMatchObject({ format_version: 2, rows: 0, columns: {} });
    expect(Object.keys(bundle.baseline.cells!)).toEqual(TINY_FOREST.feature_names);

    const model = await ServedModel.open(bundle, new FeaturePipeline(), { threads: 1, maxPendingRows: 1 });
    expect(await model.predict([2, 24.5, 1, 0])).toMatchObject({ label: 'road', probability: 1 });
    await model.close();
  });

  it('refuses classes that are not all different, and writes nothing', async () => {
    const options = {
      forest: await write('twice.json', { ...forest, classes: ['air', 'air', 'sea'] }),
      scaler: await write('scaler.json', scaler),
      name: 'plain',
      modelsDirectory: models,
      champion: false,
    };
    await expect(importModel(options)).rejects.toThrow(BundleError);
    expect(await readdir(models)).toEqual([]);
  });
});
