import { readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_MapSchema,
  TypeProto_SequenceSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type TensorProto,
  type TypeProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { BundleError, readAliases, readAnyBundle, type TensorBundle } from '#bundle';
import { TensorModel } from '#runtime';
import { adder, temporaryFolder } from '#testing';
import { InputError } from '#kit';
import { importOnnx } from './import-onnx.js';

const folder = temporaryFolder();
const modelsDirectory = join(folder, 'models');
const FILE = join(folder, 'model.onnx');

const floats = (columns: number): TypeProto => {
  const dim = [
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimParam', value: 'N' } }),
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(columns) } }),
  ];
  const value = create(TypeProto_TensorSchema, {
    elemType: DataType.FLOAT,
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(TypeProtoSchema, { value: { case: 'tensorType', value } });
};

/** The type that skl2onnx declares for the probabilities of a classifier with string labels. */
function maps(): TypeProto {
  const valueType = create(TypeProtoSchema, {
    value: { case: 'tensorType', value: create(TypeProto_TensorSchema, { elemType: DataType.FLOAT }) },
  });
  const map = create(TypeProto_MapSchema, { keyType: DataType.STRING, valueType });
  const elemType = create(TypeProtoSchema, { value: { case: 'mapType', value: map } });
  return create(TypeProtoSchema, {
    value: { case: 'sequenceType', value: create(TypeProto_SequenceSchema, { elemType }) },
  });
}

function serialize(opType: string, type: TypeProto, initializer: TensorProto[] = []): Uint8Array {
  const labels = create(AttributeProtoSchema, {
    name: 'classlabels_strings',
    type: AttributeType.STRINGS,
    strings: ['air', 'road', 'sea'].map((label) => Buffer.from(label)),
  });
  const isZipMap = opType === 'ZipMap';
  const node = create(NodeProtoSchema, {
    opType,
    name: 'last',
    domain: isZipMap ? 'ai.onnx.ml' : '',
    input: ['scores', ...initializer.map(({ name }) => name)],
    output: ['output_probability'],
    attribute: isZipMap ? [labels] : [],
  });
  const graph = create(GraphProtoSchema, {
    name: 'graph',
    input: [create(ValueInfoProtoSchema, { name: 'scores', type: floats(3) })],
    output: [create(ValueInfoProtoSchema, { name: 'output_probability', type })],
    node: [node],
    initializer,
  });
  const opsetImport = [
    { domain: '', version: 17n },
    { domain: 'ai.onnx.ml', version: 3n },
  ];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, opsetImport, graph }));
}

const bring = (bytes: Uint8Array, name: string, champion = false) => {
  writeFileSync(FILE, bytes);
  return importOnnx({ file: FILE, name, modelsDirectory, champion });
};

describe('importOnnx', () => {
  it('brings a model as it is; the first version is the champion, a later one when asked', async () => {
    const first = await bring(adder(), 'simple');
    expect(first).toMatchObject({ directory: join(modelsDirectory, 'simple', '1'), converted: [] });
    expect(first.inputs.map(({ name }) => name)).toEqual(['INPUT0', 'INPUT1']);
    expect((await readAnyBundle(first.directory)).manifest).toMatchObject({ kind: 'tensor', name: 'simple' });
    expect((await bring(adder(), 'simple')).champion).toBe('1');
    expect((await bring(adder(), 'simple', true)).champion).toBe('3');
    expect(await readAliases(modelsDirectory, 'simple')).toEqual({ champion: '3' });
  });

  it('turns the maps of a ZipMap back into the tensor that they are made of', async () => {
    const { directory, outputs, converted } = await bring(serialize('ZipMap', maps()), 'zipped');
    expect(converted).toEqual(['output_probability']);
    expect(outputs).toEqual([{ name: 'output_probability', datatype: 'FP32', shape: [-1, 3] }]);
    const bundle = await readAnyBundle(directory);
    if (!('kind' in bundle.manifest)) throw new Error('not a tensor bundle');
    const model = await TensorModel.open({ ...bundle, manifest: bundle.manifest }, { threads: 1, maxPendingRows: 1 });
    const data = Float32Array.of(0.25, 0.5, 0.25);
    const [answer] = await model.infer([{ name: 'scores', datatype: 'FP32', shape: [1, 3], data }]);
    await model.close();
    expect([answer.shape, answer.data]).toEqual([[1, 3], data]);
  });

  describe('of a model that keeps data in a file beside it', () => {
    const outside = (location: string) =>
      create(TensorProtoSchema, {
        name: 'weights',
        dims: [3n],
        dataType: DataType.FLOAT,
        dataLocation: DataLocation.EXTERNAL,
        externalData: [create(StringStringEntryProtoSchema, { key: 'location', value: location })],
      });
    const weights = Buffer.from(Float32Array.of(1, 2, 3).buffer);

    it('makes one file, and records both', async () => {
      writeFileSync(join(folder, 'model.onnx.data'), weights);
      const { directory } = await bring(serialize('Add', floats(3), [outside('model.onnx.data')]), 'beside');
      expect(readdirSync(directory).sort()).toEqual(['manifest.json', 'model.onnx']);
      const bundle = (await readAnyBundle(directory)) as TensorBundle;
      expect(Object.keys(bundle.manifest.lineage!.sha256 as object)).toEqual(['model.onnx', 'model.onnx.data']);
      const model = await TensorModel.open(bundle, { threads: 1, maxPendingRows: 1 });
      const data = Float32Array.of(10, 20, 30);
      const [answer] = await model.infer([{ name: 'scores', datatype: 'FP32', shape: [1, 3], data }]);
      await model.close();
      expect(answer.data).toEqual(Float32Array.of(11, 22, 33));
    });

    it('refuses a file that is missing, elsewhere, or a link', async () => {
      writeFileSync(join(folder, '..', 'skewless-outside.data'), weights);
      symlinkSync('/etc/hostname', join(folder, 'link.data'));
      for (const location of ['none.data', '../skewless-outside.data', '/etc/hostname', '..', '']) {
        await expect(bring(serialize('Add', floats(3), [outside(location)]), 'no')).rejects.toThrow(
          `${FILE}: keeps the data of its tensor "weights" in another file, ${JSON.stringify(location)}, which is not listed`,
        );
      }
      await expect(bring(serialize('Add', floats(3), [outside('link.data')]), 'no')).rejects.toThrow(
        new InputError(`${join(folder, 'link.data')} is a link: copy the file itself beside the model.`),
      );
      rmSync(join(folder, '..', 'skewless-outside.data'));
      expect(readdirSync(modelsDirectory)).not.toContain('no');
    });
  });

  it('refuses what it cannot serve, by the name of the file, and writes nothing', async () => {
    const outside = create(TensorProtoSchema, {
      name: 'weights',
      dims: [3n],
      dataType: DataType.FLOAT,
      dataLocation: DataLocation.EXTERNAL,
      externalData: [create(StringStringEntryProtoSchema, { key: 'location', value: '../../etc/weights' })],
    });
    for (const [bytes, problem] of [
      [Buffer.from('no model'), 'protobuf parsing failed. Export it again'],
      [serialize('Identity', floats(3)).subarray(0, 40), 'protobuf parsing failed'],
      [serialize('ZipMap', maps()).subarray(0, 60), 'is not an ONNX model ('],
      [serialize('Add', floats(3), [outside]), 'keeps the data of its tensor "weights" in another file'],
    ] as const) {
      const error: unknown = await bring(bytes, 'refused').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(BundleError);
      expect((error as Error).message).toContain(`${FILE}: `);
      expect((error as Error).message).toContain(problem);
    }
    await expect(bring(adder(), '../up')).rejects.toThrow(InputError);
    const absent = { file: join(folder, 'absent.onnx'), name: 'refused', modelsDirectory, champion: false };
    await expect(importOnnx(absent)).rejects.toThrow('absent.onnx cannot be read: it does not exist.');
    expect(readdirSync(modelsDirectory)).not.toContain('refused');
  });
});
