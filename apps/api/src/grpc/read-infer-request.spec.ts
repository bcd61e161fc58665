import { fileURLToPath } from 'node:url';
import { type MessageTypeDefinition, loadSync } from '@grpc/proto-loader';
import fc from 'fast-check';
import { InvalidTensorError } from '../problem/invalid-tensor.error.js';
import { readInferRequest } from './read-infer-request.js';

const definition = loadSync(fileURLToPath(new URL('./inference.proto', import.meta.url)), { keepCase: true });
const { serialize } = definition['inference.ModelInferRequest'] as MessageTypeDefinition<object, object>;

const name = fc.string({ maxLength: 5 });
const tensor = fc.oneof(
  fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })).map((values) => ({
    datatype: 'INT64',
    contents: { int64_contents: values.map(String) },
    data: BigInt64Array.from(values),
  })),
  fc.array(fc.integer()).map((values) => ({
    datatype: 'INT32',
    contents: { int_contents: values },
    data: Int32Array.from(values),
  })),
  fc.array(fc.boolean()).map((values) => ({
    datatype: 'BOOL',
    contents: { bool_contents: values },
    data: Uint8Array.from(values, Number),
  })),
  fc.array(fc.double()).map((values) => ({
    datatype: 'FP64',
    contents: { fp64_contents: values },
    data: Float64Array.from(values),
  })),
  fc.array(name).map((values) => ({
    datatype: 'BYTES',
    contents: { bytes_contents: values.map((text) => Buffer.from(text)) },
    data: values,
  })),
);
const parameter = fc.oneof(
  fc.boolean().map((bool_param) => ({ bool_param })),
  fc.string().map((string_param) => ({ string_param })),
  fc.double({ noNaN: true }).map((double_param) => ({ double_param })),
  fc.nat().map((int64_param) => ({ int64_param })),
);
const parameters = fc.dictionary(name, parameter, { maxKeys: 3 });

describe('readInferRequest', () => {
  it('reads what a client of the proto writes', () => {
    const inputs = fc.array(fc.record({ name, tensor, parameters }), { maxLength: 4 });
    fc.assert(
      fc.property(
        name,
        name,
        name,
        inputs,
        fc.array(name),
        parameters,
        (model, version, id, tensors, outputs, mine) => {
          const message = {
            model_name: model,
            model_version: version,
            id,
            parameters: mine,
            inputs: tensors.map(({ name, parameters, tensor: { datatype, contents, data } }) => {
              return { name, datatype, shape: [data.length, 1], parameters, contents };
            }),
            outputs: outputs.map((output) => ({ name: output, parameters: mine })),
          };
          expect(readInferRequest(serialize(message))).toEqual({
            modelName: model,
            modelVersion: version,
            id,
            isRaw: false,
            request: {
              id,
              inputs: tensors.map(({ name, tensor: { datatype, data } }) => ({
                name,
                datatype,
                shape: [data.length, 1],
                data,
              })),
              ...(outputs.length > 0 && { outputs }),
            },
          });
        },
      ),
    );
  });

  it('answers bytes of any kind, or says what is wrong with them', () => {
    const sound = serialize({
      model_name: 'm',
      inputs: [{ name: 'x', datatype: 'INT64', shape: [2], contents: { int64_contents: [1, 2] } }],
    });
    const broken = fc.tuple(fc.nat(sound.length - 1), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
      const copy = Buffer.from(sound);
      copy[at] = byte;
      return copy;
    });
    fc.assert(
      fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 40 })), (bytes) => {
        try {
          readInferRequest(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidTensorError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['inputs', Buffer.alloc(2_000_002, Buffer.of(0x2a, 0x00))],
    ['unknown fields', Buffer.alloc(2_000_002, Buffer.of(0x78, 0x00))],
    ['sizes of a shape', Buffer.concat([Buffer.from('2ac5843d1ac1843d', 'hex'), Buffer.alloc(1_000_001, 1)])],
  ])('counts %s before they become objects', (_what, bytes) => {
    expect(() => readInferRequest(bytes)).toThrow(
      'The message must have at most 1000000 parts; received more. Large tensors go into raw_input_contents.',
    );
  });
});
