import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { newStore } from '../testing/logged.js';
import { type MlflowModel, writeMlflowModel } from './write-mlflow-model.js';

const MODEL: MlflowModel = {
  model: readFileSync('models/random_forest/1/model.onnx'),
  inputs: [{ name: 'features', dtype: 'float32', shape: [-1, 14] }],
  outputs: [
    { name: 'label', dtype: 'int64', shape: [-1] },
    { name: 'probabilities', dtype: 'float32', shape: [-1, 2] },
  ],
  createdAt: new Date('2026-01-02T03:04:05.678Z'),
  metadata: { 'skewless.version': '2' },
};

describe('writeMlflowModel', () => {
  const folder = newStore();
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  beforeAll(() => writeMlflowModel(folder, MODEL));

  it('writes all that MLflow looks for', () => {
    expect(readdirSync(folder).sort()).toEqual([
      'MLmodel',
      'conda.yaml',
      'model.onnx',
      'python_env.yaml',
      'requirements.txt',
    ]);
    expect(readFileSync(join(folder, 'model.onnx')).equals(MODEL.model as Buffer)).toBe(true);
    expect(read('requirements.txt')).toMatch(/^mlflow==[\d.]+\nonnx==[\d.]+\nonnxruntime==[\d.]+\n$/);
    expect(parse(read('conda.yaml')).dependencies[2].pip).toEqual(read('requirements.txt').trim().split('\n'));
    expect(parse(read('python_env.yaml')).dependencies).toEqual(['-r requirements.txt']);
  });

  it('describes an onnx model that is a python_function too', () => {
    const { flavors } = parse(read('MLmodel'));
    expect(flavors.onnx).toMatchObject({ data: 'model.onnx', providers: ['CPUExecutionProvider'] });
    expect(flavors.python_function).toMatchObject({ loader_module: 'mlflow.onnx', data: 'model.onnx' });
  });

  it('has a signature of named tensors', () => {
    const { signature } = parse(read('MLmodel'));
    expect(JSON.parse(signature.inputs)).toEqual([
      { name: 'features', type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1, 14] } },
    ]);
    expect(JSON.parse(signature.outputs)).toMatchObject([{ name: 'label' }, { name: 'probabilities' }]);
  });

  it('writes texts as texts, also for readers of YAML 1.1', () => {
    const model = parse(read('MLmodel'), { version: '1.1' });
    expect(model.utc_time_created).toBe('2026-01-02 03:04:05.678000');
    expect(model.model_uuid).toMatch(/^[0-9a-f]{32}$/);
    expect(model.metadata).toEqual({ 'skewless.version': '2' });
  });

  it('writes the same bytes for the same model', async () => {
    const again = newStore();
    await writeMlflowModel(again, MODEL);
    for (const file of readdirSync(folder)) expect(readFileSync(join(again, file), 'utf8')).toBe(read(file));
  });
});
