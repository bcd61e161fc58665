import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type FunctionProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type TrainingInfoProtoSchema,
} from 'onnx-buf';
import { createTensor, openSession } from '#runtime';
import { externalFiles, withExternalData } from './external-data.js';

type Tensors = MessageInitShape<typeof TensorProtoSchema>;
type Nodes = MessageInitShape<typeof NodeProtoSchema>;

const SECRET = Buffer.from('0123456789abcdef');
const [UINT8, INT64] = [2, 7];
const [TENSOR, GRAPH, TENSORS, SPARSE_TENSOR] = [4, 5, 9, 11];

/** Sixteen bytes in another file. */
const outside = (
  entries: Record<string, string> = { location: 'weights.bin', offset: '0', length: '16' },
): Tensors => ({
  name: 's',
  dims: [16n],
  dataType: UINT8,
  dataLocation: 1,
  externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
});

const sparse = () => ({
  values: outside(),
  indices: { name: 'i', dims: [16n], dataType: INT64, int64Data: Array.from({ length: 16 }, (_, i) => BigInt(i)) },
  dims: [16n],
});

const value = (name: string, dims: (string | bigint)[], elemType = UINT8) => ({
  name,
  type: {
    value: {
      case: 'tensorType' as const,
      value: {
        elemType,
        shape: {
          dim: dims.map((size) =>
            typeof size === 'string'
              ? { value: { case: 'dimParam' as const, value: size } }
              : { value: { case: 'dimValue' as const, value: size } },
          ),
        },
      },
    },
  },
});

const node = (
  opType: string,
  input: string[],
  output: string[],
  attribute: Nodes['attribute'] = [],
  domain = '',
): Nodes => ({ opType, input, output, attribute, domain, name: opType });
const joined = node('Concat', ['x', 's'], ['y'], [{ name: 'axis', type: 2, i: 0n }]);
const constant = (tensor: Tensors) => node('Constant', [], ['s'], [{ name: 'value', type: TENSOR, t: tensor }]);

type Graph = NonNullable<MessageInitShape<typeof ModelProtoSchema>['graph']>;

interface More {
  readonly functions?: MessageInitShape<typeof FunctionProtoSchema>[];
  readonly trainingInfo?: MessageInitShape<typeof TrainingInfoProtoSchema>[];
}

function serialize(graph: Graph, more: More = {}): Buffer {
  const own = more.functions ? [{ domain: 'my', version: 1n }] : [];
  const model = create(ModelProtoSchema, {
    irVersion: 9n,
    opsetImport: [{ domain: '', version: 17n }, ...own],
    graph: { name: 'g', input: [value('x', ['N'])], output: [value('y', ['M'])], ...graph },
    ...more,
  });
  return Buffer.from(toBinary(ModelProtoSchema, model));
}

const branch = (tensor: Tensors) => ({ name: 'b', initializer: [tensor], output: [value('s', [16n])] });
const choice = node(
  'If',
  ['yes'],
  ['s'],
  [
    { name: 'then_branch', type: GRAPH, g: branch({ ...outside(), name: 's' }) },
    { name: 'else_branch', type: GRAPH, g: branch({ ...outside(), name: 's' }) },
  ],
);
const yes: Tensors = { name: 'yes', dims: [], dataType: 9, int32Data: [1] };
const identity = node('Identity', ['x'], ['y']);

/** Every place where ONNX's schema allows a tensor. */
const PLACES: Record<string, Buffer> = {
  'an initializer': serialize({ initializer: [outside()], node: [joined] }),
  'a constant': serialize({ node: [constant(outside()), joined] }),
  'a constant of a function': serialize(
    { node: [node('F', ['x'], ['y'], [], 'my')] },
    {
      functions: [
        {
          ...{ name: 'F', domain: 'my', input: ['x'], output: ['y'] },
          opsetImport: [{ domain: '', version: 17n }],
          node: [constant(outside()), joined],
        },
      ],
    },
  ),
  'an initializer of a subgraph': serialize({ initializer: [yes], node: [choice, joined] }),
  'a sparse initializer': serialize({ sparseInitializer: [sparse()], node: [joined] }),
  'a sparse constant': serialize({
    node: [
      node('Constant', [], ['s'], [{ name: 'sparse_value', type: SPARSE_TENSOR, sparseTensor: sparse() }]),
      joined,
    ],
  }),
  'an attribute of many tensors': serialize({
    node: [node('Identity', ['x'], ['y'], [{ name: 'foo', type: TENSORS, tensors: [outside()] }])],
  }),
  'an attribute of many sparse tensors': serialize({
    node: [node('Identity', ['x'], ['y'], [{ name: 'foo', type: 12, sparseTensors: [sparse()] }])],
  }),
  'a default of a function': serialize(
    { node: [identity] },
    { functions: [{ name: 'F', domain: 'my', attributeProto: [{ name: 'a', type: TENSOR, t: outside() }] }] },
  ),
  'what trains it': serialize(
    { node: [identity] },
    { trainingInfo: [{ initialization: { initializer: [outside()] } }] },
  ),
};
const RUN = ['an initializer', 'a constant', 'a constant of a function', 'an initializer of a subgraph'];

describe.each(Object.entries(PLACES))('Data of %s that lie in another file', (place, model) => {
  it('are refused where the file is not listed', () => {
    expect(externalFiles(model)).toEqual(['weights.bin']);
    expect(() => withExternalData(model, new Map([['other.bin', SECRET]]))).toThrow(
      'The model keeps the data of its tensor "s" in another file, "weights.bin", which is not listed beside it. Export it as one file',
    );
  });

  it('come from a file that is listed, and no path is left in the model', async () => {
    const whole = withExternalData(model, new Map([['weights.bin', SECRET]]));
    expect(externalFiles(Buffer.from(whole))).toEqual([]);
    expect(Buffer.from(whole).includes('weights.bin')).toBe(false);
    expect(Buffer.from(whole).includes(SECRET)).toBe(true);
    if (!RUN.includes(place)) return;
    const session = await openSession(whole, 1);
    const { y } = await session.run({ x: createTensor('uint8', Uint8Array.of(7), [1]) });
    await session.release();
    expect(Buffer.from(y.data as Uint8Array)).toEqual(Buffer.from([7, ...SECRET]));
  });
});

it.each([
  [{ location: 'weights.bin', offset: '1', length: '16' }, 'beyond the 16 bytes of weights.bin'],
  [{ location: 'weights.bin', offset: '17' }, 'beyond the 16 bytes of weights.bin'],
  [{ location: 'weights.bin', offset: '-1' }, 'beyond the 16 bytes of weights.bin'],
  [{ location: '../weights.bin' }, 'in another file, "../weights.bin", which is not listed'],
  [{ location: '/etc/passwd' }, 'in another file, "/etc/passwd", which is not listed'],
  [{ location: '*/_ORT_MEM_ADDR_/*', offset: '4096' }, 'in another file, "*/_ORT_MEM_ADDR_/*", which is not listed'],
  [{}, 'in another file, "", which is not listed'],
])('Data at %j are refused', (entries, words) => {
  const model = serialize({ initializer: [outside(entries)], node: [joined] });
  expect(() => withExternalData(model, new Map([['weights.bin', SECRET]]))).toThrow(words);
});

it('Data of many tensors in one file are bounded together', () => {
  const large = Buffer.alloc(2 ** 20);
  const initializer = Array.from({ length: 2_100 }, (_, i) => ({
    ...outside({ location: 'weights.bin' }),
    name: `s${i}`,
  }));
  expect(() =>
    withExternalData(serialize({ initializer, node: [identity] }), new Map([['weights.bin', large]])),
  ).toThrow('The model has over 2147483647 bytes with its data');
});

it('Fields of a later ONNX that name files are refused', () => {
  const model = create(ModelProtoSchema, fromBinary(ModelProtoSchema, serialize({ node: [identity] })));
  model.graph!.$unknown = [{ no: 4_000, wireType: 2, data: Buffer.from('\x08location') }];
  const bytes = Buffer.from(toBinary(ModelProtoSchema, model));
  expect(() => withExternalData(bytes, new Map())).toThrow('The model has fields that no ONNX of today knows');
});

it('A text that happens to be "location" is no harm', () => {
  const model = serialize({ node: [node('Identity', ['x'], ['location']), node('Identity', ['location'], ['y'])] });
  expect(withExternalData(model, new Map())).toBe(model);
});
