import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adder, anyEnsemble, halves, identity, temporaryFolder, writeForeignModel } from '#testing';
import { ModelFailureError, OverloadedError, readAnyBundle, readBundle, type TensorBundle } from '#bundle';
import { ensembleClassifier } from '#onnx';
import fc from 'fast-check';
import type { NamedTensor } from './tensor.js';
import { chooseTensorKernel, TensorKernel } from './tensor-kernel.js';
import { TensorModel, type TensorOptions } from './tensor-model.js';

const models = temporaryFolder();
const opened: TensorModel[] = [];
afterAll(() => Promise.all(opened.map((model) => model.close())));

async function open(
  name: string,
  bytes: Uint8Array,
  maxPendingRows = 100,
  engine: TensorOptions['engine'] = 'auto',
): Promise<TensorModel> {
  const bundle = (await readAnyBundle(await writeForeignModel(models, name, bytes))) as TensorBundle;
  const model = await TensorModel.open(bundle, { threads: 1, maxPendingRows, engine });
  opened.push(model);
  return model;
}

const row = (of: (i: number) => number): Int32Array => Int32Array.from({ length: 16 }, (_, i) => of(i));
const input = (name: string, of: (i: number) => number) =>
  ({ name, datatype: 'INT32', shape: [1, 16], data: row(of) }) as const;

describe('TensorModel', () => {
  it('adds and subtracts integers, all outputs or those that are asked for', async () => {
    const model = await open('simple', adder());
    expect(model.inputs).toEqual([
      { name: 'INPUT0', datatype: 'INT32', shape: [-1, 16] },
      { name: 'INPUT1', datatype: 'INT32', shape: [-1, 16] },
    ]);
    const inputs = [input('INPUT0', (i) => i), input('INPUT1', () => 1)];
    const sum = { name: 'OUTPUT0', datatype: 'INT32', shape: [1, 16], data: row((i) => i + 1) };
    const difference = { name: 'OUTPUT1', datatype: 'INT32', shape: [1, 16], data: row((i) => i - 1) };
    expect(await model.infer(inputs)).toEqual([sum, difference]);
    expect(await model.infer(inputs, ['OUTPUT1'])).toEqual([difference]);
  });

  it('gives texts back as they are', async () => {
    const model = await open('simple_identity', identity());
    const data = Array.from({ length: 16 }, (_, i) => `text ${i} \u00e9\u{1F600}`);
    const tensor = { datatype: 'BYTES', shape: [1, 16], data } as const;
    expect(await model.infer([{ name: 'INPUT0', ...tensor }])).toEqual([{ name: 'OUTPUT0', ...tensor }]);
  });

  it('distinguishes a failure of the model from overload', async () => {
    const model = await open('bounded', adder(), 1);
    const uneven = { ...input('INPUT1', () => 1), shape: [2, 8] };
    await expect(model.infer([input('INPUT0', () => 1), uneven])).rejects.toThrow(ModelFailureError);
    const inputs = [input('INPUT0', () => 1), input('INPUT1', () => 1)];
    const both = await Promise.allSettled([model.infer(inputs), model.infer(inputs)]);
    expect(both[0].status).toBe('fulfilled');
    expect((both[1] as PromiseRejectedResult).reason).toBeInstanceOf(OverloadedError);
  });

  it('rejects a type that no protocol carries, and bytes that are not a model', async () => {
    await expect(open('halves', halves())).rejects.toThrow(
      'model.onnx: "x" is of type float16: export with float32 instead. Export it again and import it.',
    );
    await expect(open('noise', Buffer.from('no model'))).rejects.toThrow('protobuf parsing failed');
  });

  it('is rejected where a model with a pipeline is required, and when its file was changed', async () => {
    const directory = await writeForeignModel(models, 'changed', adder());
    await expect(readBundle(directory)).rejects.toThrow('is a model without a pipeline');
    writeFileSync(join(directory, 'model.onnx'), identity());
    await expect(readAnyBundle(directory)).rejects.toThrow(/model\.onnx: has SHA-256 \w+, but the manifest says \w+\./);
  });
});

describe('A model of tensors that is trees', () => {
  const forest = readFileSync('models/random_forest/1/model.onnx');
  const features = (rows: number, datatype: 'FP32' | 'FP64' = 'FP32', width = 14) => {
    const cells = Array.from({ length: rows * width }, (_, i) => Math.sin(i) * 3);
    const data = datatype === 'FP32' ? Float32Array.from(cells) : Float64Array.from(cells);
    return { name: 'features', datatype, shape: [rows, width], data } as const;
  };

  it('is answered by the kernel, bit for bit as by ONNX Runtime, whatever is asked for', async () => {
    const kernel = await open('trees', forest, 10_000);
    const runtime = await open('trees-by-runtime', forest, 10_000, 'onnxruntime');
    expect([kernel.choice.engine, runtime.choice.engine]).toEqual(['kernel', 'onnxruntime']);
    expect(kernel.choice.engine_reason).toMatch(/^It answers \d{3,4} rows as ONNX Runtime does, bit for bit$/);
    for (const rows of [0, 1, 2_500]) {
      expect(await kernel.infer([features(rows)])).toEqual(await runtime.infer([features(rows)]));
      expect(await kernel.infer([features(rows)], ['label'])).toEqual(await runtime.infer([features(rows)], ['label']));
    }
    expect(kernel.dimensions).toEqual(runtime.dimensions);
    await expect(kernel.infer([{ ...features(2), shape: [4, 7] }])).rejects.toThrow(ModelFailureError);
  });

  it('is answered by the kernel, of float64 features and labels that are texts too', async () => {
    const drawn = fc.sample(anyEnsemble({ features: 3, input: 'float64', outputs: 3 }), {
      numRuns: 10,
      seed: 1,
    });
    for (const [i, ensemble] of drawn.entries()) {
      const bytes = ensembleClassifier({ ...ensemble, join: 'sum', link: 'softmax' }, ['a', 'b', 'c'], 'float64');
      const [kernel, runtime] = [
        await open(`wide-${i}`, bytes, 10_000),
        await open(`wide-by-runtime-${i}`, bytes, 10_000, 'onnxruntime'),
      ];
      const given = [features(70, 'FP64', 3)];
      const [[label, shares], [dueLabel, dueShares]] = [await kernel.infer(given), await runtime.infer(given)];
      expect([kernel.choice.engine, label]).toEqual(['kernel', dueLabel]);
      (shares.data as Float32Array).forEach((x, at) =>
        expect(Math.abs(x - (dueShares.data as Float32Array)[at])).toBeLessThan(1e-6),
      );
    }
  });

  it('lets the event loop turn between runs of a large request', async () => {
    const model = await open('trees-in-turns', forest, 10_000);
    let [turns, isOver] = [0, false];
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await model.infer([features(5 * 1_024)]);
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it('is answered by ONNX Runtime where the kernel is wrong, or no kernel computes it', async () => {
    const runtime = await open('trees-refused', forest, 10_000, 'onnxruntime');
    const reference = async (probe: NamedTensor) =>
      new Map((await runtime.infer([probe])).map((tensor) => [tensor.name, tensor]));
    const wrong = Buffer.from(forest);
    const values = wrong.indexOf('nodes_values') + 'nodes_values'.length;
    const first = values + 1 + 1 + (wrong[values + 1] & 128 ? 1 : 0) + (wrong[values + 2] & 128 ? 1 : 0) + 1;
    wrong.writeUInt32LE(wrong.readUInt32LE(first) + 1, first);
    const choose = (bytes: Uint8Array) =>
      chooseTensorKernel(() => TensorKernel.of(bytes, runtime.inputs, runtime.outputs), reference, 1, 'auto');
    expect(await choose(forest)).toMatchObject({ engine: 'kernel' });
    const { engine, engine_reason, isRefused } = await choose(wrong);
    expect([engine, isRefused]).toEqual(['onnxruntime', true]);
    expect(engine_reason).toMatch(/^The kernel is not used: it answers otherwise than ONNX Runtime: element \d+ of /);
    expect((await open('sums', adder())).choice).toEqual({
      engine: 'onnxruntime',
      engine_reason: 'No kernel computes this model, so ONNX Runtime does: it takes 2 inputs',
    });
  });
});
