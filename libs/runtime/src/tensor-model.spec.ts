import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adder, halves, identity, temporaryFolder, writeForeignModel } from '#testing';
import { ModelFailureError, OverloadedError, readAnyBundle, readBundle, type TensorBundle } from '#bundle';
import { TensorModel } from './tensor-model.js';

const models = temporaryFolder();
const opened: TensorModel[] = [];
afterAll(() => Promise.all(opened.map((model) => model.close())));

async function open(name: string, bytes: Uint8Array, maxPendingRows = 100): Promise<TensorModel> {
  const bundle = (await readAnyBundle(await writeForeignModel(models, name, bytes))) as TensorBundle;
  const model = await TensorModel.open(bundle, { threads: 1, maxPendingRows });
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

  it('tells a failure of the model from one of the caller, and lets only so much in', async () => {
    const model = await open('bounded', adder(), 1);
    const uneven = { ...input('INPUT1', () => 1), shape: [2, 8] };
    await expect(model.infer([input('INPUT0', () => 1), uneven])).rejects.toThrow(ModelFailureError);
    const inputs = [input('INPUT0', () => 1), input('INPUT1', () => 1)];
    const both = await Promise.allSettled([model.infer(inputs), model.infer(inputs)]);
    expect(both[0].status).toBe('fulfilled');
    expect((both[1] as PromiseRejectedResult).reason).toBeInstanceOf(OverloadedError);
  });

  it('refuses a type that no protocol carries, and what is no model', async () => {
    await expect(open('halves', halves())).rejects.toThrow(
      'model.onnx: "x" is of type float16: export with float32 instead. Export it again and import it.',
    );
    await expect(open('noise', Buffer.from('no model'))).rejects.toThrow('protobuf parsing failed');
  });

  it('is refused where a model with a pipeline is due, and when its file was changed', async () => {
    const directory = await writeForeignModel(models, 'changed', adder());
    await expect(readBundle(directory)).rejects.toThrow('is a model without a pipeline');
    writeFileSync(join(directory, 'model.onnx'), identity());
    await expect(readAnyBundle(directory)).rejects.toThrow(/model\.onnx: has SHA-256 \w+, the manifest expects \w+\./);
  });
});
