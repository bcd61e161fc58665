import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBundle } from '#bundle';
import { adder, temporaryFolder } from '#testing';
import { importTrees } from './import-trees.js';
import { modelFile } from './mlflow-folder.js';

const BOOSTERS = 'test/fixtures/boosters';
const folder = temporaryFolder();
let tests = 0;

/** A folder as `mlflow.<flavour>.save_model` writes it, without the files for Python. */
function logged(
  flavors: object,
  files: Readonly<Record<string, string | Uint8Array>>,
  inputs?: readonly object[],
): string {
  const path = join(folder, String(++tests));
  mkdirSync(path);
  // JSON is valid YAML.
  const signature = inputs && { inputs: JSON.stringify(inputs), outputs: '[]', params: null };
  writeFileSync(join(path, 'MLmodel'), JSON.stringify({ flavors, mlflow_version: '3.17.2', signature }));
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(path, name), contents);
  return path;
}

it('a file stands for itself', async () => {
  expect(await modelFile(join(BOOSTERS, 'xgboost-multi.ubj'))).toEqual({ file: join(BOOSTERS, 'xgboost-multi.ubj') });
  expect(await modelFile('nowhere.json')).toEqual({ file: 'nowhere.json' });
});

it('of a model of XGBoost the signature becomes columns: names, kinds, and which may be missing', async () => {
  const names = ['age', 'income', 'visits', 'balance'];
  const inputs = names.map((name) => ({ name, type: name === 'visits' ? 'long' : 'double', required: name !== 'age' }));
  const path = logged({ python_function: {}, xgboost: { data: 'model.json', model_format: 'json' } }, {}, inputs);
  cpSync(join(BOOSTERS, 'xgboost-binary.json'), join(path, 'model.json'));
  const { file, signature } = await modelFile(path);
  const target = { name: 'logged', modelsDirectory: join(folder, 'models'), champion: false };
  const { directory } = await importTrees({ ...target, file, signature, format: 'xgboost-json' });
  expect((await readBundle(directory)).pipeline.inputs).toEqual(
    names.map((name) => ({ name, type: name === 'visits' ? 'integer' : 'float', nullable: name === 'age' })),
  );
});

it.each([
  ['lightgbm', 'model.lgb', 'tree\n'],
  ['onnx', 'model.onnx', adder()],
])('the flavour %s names its file', async (flavor, data, contents) => {
  const path = logged({ [flavor]: { data }, python_function: {} }, { [data]: contents });
  expect(await modelFile(path)).toEqual({ file: join(path, data) });
});

it('of a model of scikit-learn the export beside it is read, and never the pickle', async () => {
  const flavors = { python_function: {}, sklearn: { pickled_model: 'model.pkl' } };
  const path = logged(flavors, { 'model.pkl': '\x80\x05', 'input_example.json': '{"columns":[]}' });
  await expect(modelFile(path)).rejects.toThrow(
    'holds a pickle of scikit-learn, which can run any code and is never opened. Export the pipeline by tools/export_sklearn.py',
  );
  cpSync('test/fixtures/sklearn/svc-multi-numbers.json', join(path, 'skewless.json'));
  expect(await modelFile(path)).toEqual({ file: join(path, 'skewless.json') });
});

it.each(['model.pkl', 'model.skops'])('of the flavour lightgbm a pickle is refused by name: %s', async (data) => {
  const path = logged({ python_function: {}, lightgbm: { data } }, { [data]: 'PK' });
  await expect(modelFile(path)).rejects.toThrow(
    /holds a pickle of lightgbm, which can run any code and is never opened\. .*model\.booster_/,
  );
});

it.each<[string, string, RegExp]>([
  ['no folder of MLflow', logged({}, {}).replace(/\d+$/, ''), /MLmodel cannot be read: it does not exist\.$/],
  [
    'another flavour',
    logged({ python_function: {}, pytorch: {} }, {}),
    /has the flavour pytorch; imported are xgboost, lightgbm, onnx, and sklearn with/,
  ],
  ['code alone', logged({ python_function: {} }, {}), /has the flavour python_function alone/],
  [
    'a file elsewhere',
    logged({ onnx: { data: '../model.onnx' } }, {}),
    /names "\.\.\/model\.onnx" as the file of onnx/,
  ],
])('refuses %s', async (_, path, message) => {
  await expect(modelFile(path)).rejects.toThrow(message);
});
