import { request } from 'node:http';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { boot, type RunningApi } from './helper/boot.js';
import { recordedRows, temporaryFolder, type TinyBundle, writeTinyBundle, writeWholeNumberBundle } from '#testing';

const MODEL = '/v2/models/random_forest';
const INFER = `${MODEL}/infer`;
const NAMES = ['feature_1', 'feature_2', 'feature_3', 'feature_4', 'feature_5'];

/** Two rows, column by column; the model answers 1 and 0 to them. */
const COLUMNS = [
  [0.5, -0.3],
  [1.2, 0.8],
  [-0.3, 0.2],
  [75.5, 45],
  [5, 3],
];
const datatypeOf = (name: string) => (name === 'feature_5' ? 'INT64' : 'FP64');
const INPUTS = NAMES.map((name, c) => ({ name, datatype: datatypeOf(name), shape: [2], data: COLUMNS[c] }));
const PROBABILITIES = [1, Math.fround(0.05)];
const OUTPUTS = [
  { name: 'prediction', datatype: 'INT64', shape: [2], data: [1, 0] },
  { name: 'probability', datatype: 'FP32', shape: [2], data: PROBABILITIES },
];
const ANSWER = { model_name: 'random_forest', model_version: '1', outputs: OUTPUTS };

const TENSORS = {
  inputs: NAMES.map((name) => ({ name, datatype: datatypeOf(name), shape: [-1] })),
  outputs: [
    { name: 'prediction', datatype: 'INT64', shape: [-1] },
    { name: 'probability', datatype: 'FP32', shape: [-1] },
    { name: 'probabilities', datatype: 'FP64', shape: [-1, 2] },
  ],
};

/** Bytes written by hand, little-endian. */
const fp64 = (...values: number[]) => {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeDoubleLE(value, 8 * i));
  return bytes;
};
const int64 = (...values: number[]) => {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeBigInt64LE(BigInt(value), 8 * i));
  return bytes;
};
const BINARY = COLUMNS.map((column, c) => (NAMES[c] === 'feature_5' ? int64(...column) : fp64(...column)));
const BINARY_INPUTS = NAMES.map((name) => ({
  name,
  datatype: datatypeOf(name),
  shape: [2],
  parameters: { binary_data_size: 16 },
}));
const BINARY_OUTPUTS = [int64(1, 0), Buffer.from('0000803fcdcc4c3d', 'hex')];

interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | undefined>;
  readonly bytes: Buffer;
}

describe('The Open Inference Protocol over REST', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ BODY_LIMIT_BYTES: '100000' })));
  afterAll(() => api.close());

  /** As Triton's client sends: no Content-Type, and nothing is unpacked on the way back. */
  const send = (path: string, body: Buffer, headers: Record<string, string | number> = {}): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const call = request(api.url + path, { method: 'POST', headers: { ...headers, 'Content-Length': body.length } });
      call.once('error', reject).once('response', (response) => {
        const chunks: Buffer[] = [];
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .once('end', () => {
            const answer = { status: response.statusCode!, headers: response.headers as RawAnswer['headers'] };
            resolve({ ...answer, bytes: Buffer.concat(chunks) });
          });
      });
      call.end(body);
    });
  const sendParts = (json: object, binary: Buffer[], headers = {}) => {
    const head = Buffer.from(JSON.stringify(json));
    return send(INFER, Buffer.concat([head, ...binary]), {
      'Inference-Header-Content-Length': head.length,
      ...headers,
    });
  };
  const infer = (body: unknown, path = INFER) => api.post(path, body);
  const get = async (path: string) => {
    const { status, headers, text } = await api.ask(path);
    return [status, headers.get('content-type'), text];
  };
  const ok = (body: unknown) => [200, 'application/json; charset=utf-8', JSON.stringify(body)];
  const error = (status: number, message: string) => [
    status,
    'application/json; charset=utf-8',
    JSON.stringify({ error: message }),
  ];

  describe('tells about the server', () => {
    it('GET /v2', async () => {
      const extensions = ['binary_tensor_data', 'model_repository', 'statistics'];
      expect(await get('/v2')).toEqual(ok({ name: 'skewless', version: '0.1.0', extensions }));
      expect(await get('/v2/')).toEqual(ok({ name: 'skewless', version: '0.1.0', extensions }));
    });

    it('GET /v2/health/live, /v2/health/ready', async () => {
      expect(await get('/v2/health/live')).toEqual(ok({ live: true }));
      expect(await get('/v2/health/ready')).toEqual(ok({ live: true, ready: true }));
    });
  });

  describe('tells about a model', () => {
    it.each([MODEL, `${MODEL}/versions/1`])('GET %s', async (path) => {
      expect(await get(path)).toEqual(
        ok({ name: 'random_forest', versions: ['1'], platform: 'onnx_onnxv1', ...TENSORS }),
      );
      expect(await get(`${path}/ready`)).toEqual(ok({ name: 'random_forest', ready: true }));
    });

    it('404 for an unknown one without what there is: its readiness is for anybody', async () => {
      expect(await get('/v2/models/none/ready')).toEqual(
        error(404, 'Request for unknown model: There is no model "none".'),
      );
      expect(await get(`${MODEL}/versions/7/ready`)).toEqual(
        error(404, 'Request for unknown model: There is no version or alias "7" of a model "random_forest".'),
      );
    });

    it.each(['', '/stats'])('404 for an unknown one: GET .../{model}%s', async (rest) => {
      expect(await get(`/v2/models/none${rest}`)).toEqual(
        error(404, 'Request for unknown model: There is no model "none"; there are: random_forest.'),
      );
      expect(await get(`${MODEL}/versions/7${rest}`)).toEqual(
        error(
          404,
          'Request for unknown model: Model "random_forest" has no version or alias "7"; it has: 1, champion.',
        ),
      );
    });

    it('POST /v2/repository/index', async () => {
      const index = [{ name: 'random_forest', version: '1', state: 'READY', reason: '' }];
      for (const body of [undefined, '', '{}', '{"ready":true}', '{"ready":false}', '{"ready":true,"parameters":{}}']) {
        const answer = await api.ask('/v2/repository/index', { method: 'POST', body });
        expect([body, answer.status, answer.body]).toEqual([body, 200, index]);
      }
    });

    it.each([
      ['[]', 'The body must be a JSON object; received an array of 0'],
      ['{"ready":1}', 'The parameter "ready" of the request must be true or false; received 1'],
      [
        '{"parameters":{"config":"{}"}}',
        'The parameter "config" would override the model\'s files, which never change here',
      ],
    ])('refuses an index request of %s', async (body, message) => {
      const { status, body: answer } = await api.post('/v2/repository/index', body);
      expect([status, answer]).toEqual([400, { error: message }]);
    });

    it('has no load and unload without an administrator', async () => {
      for (const action of ['load', 'unload']) {
        const { status, body } = await api.post(`/v2/repository/models/random_forest/${action}`, {});
        const path = `/v2/repository/models/random_forest/${action}`;
        expect([status, body]).toEqual([404, { error: `Nothing answers at ${path}; GET / lists the endpoints.` }]);
      }
    });
  });

  describe('infers', () => {
    it.each([
      ['from flat data', { inputs: INPUTS }],
      ['whatever the order of the inputs', { inputs: [...INPUTS].reverse() }],
      [
        'from columns of [n, 1], nested',
        { inputs: INPUTS.map((input) => ({ ...input, shape: [2, 1], data: input.data.map((value) => [value]) })) },
      ],
      [
        "with parameters that are the client's own",
        { inputs: INPUTS, parameters: { priority: 1, timeout: 5, mine: 'x', sequence_id: 0, sequence_end: false } },
      ],
      ['with null for what is optional', { id: null, parameters: null, outputs: null, inputs: INPUTS }],
      ['with an empty list of outputs', { inputs: INPUTS, outputs: [] }],
    ])('%s', async (_how, body) => {
      const { status, headers, text } = await infer(body);
      expect([status, headers.get('content-type'), text]).toEqual([200, 'application/json', JSON.stringify(ANSWER)]);
    });

    it('by version, and echoes the id', async () => {
      const { text } = await infer({ id: 'a"b\u2028', inputs: INPUTS }, `${MODEL}/versions/1/infer`);
      expect(text).toBe(JSON.stringify({ id: 'a"b\u2028', ...ANSWER }));
    });

    it('the outputs that are asked for, in that order', async () => {
      const { body } = await infer({ inputs: INPUTS, outputs: [{ name: 'probability' }, { name: 'prediction' }] });
      expect(body.outputs).toEqual([OUTPUTS[1], OUTPUTS[0]]);
      expect((await infer({ inputs: INPUTS, outputs: [{ name: 'probability' }] })).body.outputs).toEqual([OUTPUTS[1]]);
    });

    it('without rows', async () => {
      const { body } = await infer({ inputs: INPUTS.map((input) => ({ ...input, shape: [0], data: [] })) });
      expect(body.outputs).toEqual(OUTPUTS.map((output) => ({ ...output, shape: [0], data: [] })));
    });

    it('whatever the Content-Type says, as Triton does', async () => {
      const body = Buffer.from(JSON.stringify({ inputs: INPUTS }));
      const types: Record<string, string>[] = [
        {},
        { 'Content-Type': 'application/x-www-form-urlencoded' },
        { 'Content-Type': 'text/plain' },
      ];
      for (const type of types) {
        const answer = await send(INFER, body, type);
        expect([answer.status, answer.bytes.toString()]).toEqual([200, JSON.stringify(ANSWER)]);
      }
    });

    it('what the original answered', async () => {
      const rows = recordedRows()
        .filter(({ error: failure }) => failure === undefined)
        .slice(0, 500);
      const inputs = NAMES.map((name) => {
        const data = rows.map(({ input }) => input[name]);
        return { name, datatype: datatypeOf(name), shape: [rows.length], data };
      });
      const [labels, probabilities] = (await infer({ inputs })).body.outputs;
      expect(labels.data).toEqual(rows.map(({ prediction }) => prediction));
      rows.forEach(({ proba }, i) => expect(probabilities.data[i]).toBeCloseTo(proba[1], 6));
    });
  });

  describe('speaks the binary tensor extension', () => {
    it('reads inputs behind the JSON, byte for byte', async () => {
      const { status, bytes } = await sendParts({ inputs: BINARY_INPUTS }, BINARY);
      expect([status, bytes.toString()]).toEqual([200, JSON.stringify(ANSWER)]);
    });

    it('reads binary and JSON inputs mixed', async () => {
      const inputs = [BINARY_INPUTS[0], INPUTS[1], BINARY_INPUTS[2], INPUTS[3], BINARY_INPUTS[4]];
      const { bytes } = await sendParts({ inputs }, [BINARY[0], BINARY[2], BINARY[4]]);
      expect(bytes.toString()).toBe(JSON.stringify(ANSWER));
    });

    it('reads JSON alone with its length given', async () => {
      expect((await sendParts({ inputs: INPUTS }, [])).bytes.toString()).toBe(JSON.stringify(ANSWER));
    });

    const binaryHead = (i: number) => {
      const { name, datatype, shape } = OUTPUTS[i];
      return { name, datatype, shape, parameters: { binary_data_size: BINARY_OUTPUTS[i].length } };
    };
    const parts = ({ headers, bytes }: RawAnswer) => {
      const length = Number(headers['inference-header-content-length']);
      return [headers['content-type'], bytes.subarray(0, length).toString(), bytes.subarray(length).toString('hex')];
    };

    it('answers all outputs in binary form with binary_data_output', async () => {
      const answer = await send(
        INFER,
        Buffer.from(JSON.stringify({ id: '1', inputs: INPUTS, parameters: { binary_data_output: true } })),
      );
      expect(parts(answer)).toEqual([
        'application/octet-stream',
        JSON.stringify({ id: '1', ...ANSWER, outputs: [binaryHead(0), binaryHead(1)] }),
        Buffer.concat(BINARY_OUTPUTS).toString('hex'),
      ]);
    });

    it('answers single outputs in binary form with binary_data, which overrides', async () => {
      const one = {
        inputs: INPUTS,
        outputs: [{ name: 'probability', parameters: { binary_data: true } }, { name: 'prediction' }],
      };
      const all = {
        inputs: INPUTS,
        parameters: { binary_data_output: true },
        outputs: [{ name: 'probability' }, { name: 'prediction', parameters: { binary_data: false } }],
      };
      for (const body of [one, all]) {
        expect(parts(await send(INFER, Buffer.from(JSON.stringify(body))))).toEqual([
          'application/octet-stream',
          JSON.stringify({ ...ANSWER, outputs: [binaryHead(1), OUTPUTS[0]] }),
          BINARY_OUTPUTS[1].toString('hex'),
        ]);
      }
    });

    it.each([
      [
        'a size beyond the body',
        [{ ...BINARY_INPUTS[0], parameters: { binary_data_size: 16 } }],
        [BINARY[0].subarray(1)],
        'binary_data_size of input "feature_1" must be at most the 15 bytes that follow the JSON; received 16',
      ],
      [
        "a size that is not the shape's",
        [{ ...BINARY_INPUTS[0], parameters: { binary_data_size: 8 } }],
        [BINARY[0]],
        'The binary data of input "feature_1" must be 16 bytes for FP64 [2]; received 8',
      ],
      [
        'a size that is none',
        [{ ...BINARY_INPUTS[0], parameters: { binary_data_size: -1 } }],
        [BINARY[0]],
        'binary_data_size of input "feature_1" must be a whole number of bytes; received -1',
      ],
      [
        'bytes left over',
        BINARY_INPUTS,
        [...BINARY, Buffer.of(0, 0)],
        "2 bytes follow the JSON that no input's binary_data_size accounts for",
      ],
      [
        'data twice',
        [{ ...BINARY_INPUTS[0], data: [1, 2] }],
        [BINARY[0]],
        'The input "feature_1" must have either data or binary_data_size; received both',
      ],
    ])('refuses %s', async (_what, inputs, binary, message) => {
      const { status, bytes } = await sendParts({ inputs }, binary);
      expect([status, JSON.parse(bytes.toString())]).toEqual([400, { error: message }]);
    });

    it.each(['x', '-1', '1e2', '99999'])('refuses a length of the JSON of %j', async (length) => {
      const { status, bytes } = await send(INFER, Buffer.from('{}'), { 'Inference-Header-Content-Length': length });
      const due =
        'Inference-Header-Content-Length must be the number of bytes of the JSON at the beginning of the body, at most 2';
      expect([status, JSON.parse(bytes.toString())]).toEqual([400, { error: `${due}; received "${length}"` }]);
    });

    it('refuses a request without JSON where the model has several inputs', async () => {
      const { status, bytes } = await send(INFER, BINARY[0], { 'Inference-Header-Content-Length': 0 });
      const message =
        'A request without JSON (Inference-Header-Content-Length: 0) is for models of one input; this one has 5';
      expect([status, JSON.parse(bytes.toString())]).toEqual([400, { error: message }]);
    });
  });

  describe('packs', () => {
    const pack = { gzip: gzipSync, deflate: deflateSync };
    const unpack = { gzip: gunzipSync, deflate: inflateSync };
    const many = {
      inputs: BINARY_INPUTS.map((input) => ({ ...input, shape: [400], parameters: { binary_data_size: 3_200 } })),
    };
    const manyBinary = BINARY.map((bytes) => Buffer.concat(Array<Buffer>(200).fill(bytes)));

    it.each(['gzip', 'deflate'] as const)(
      'bodies and answers with %s; the length of the JSON is that before',
      async (encoding) => {
        const json = Buffer.from(JSON.stringify({ ...many, parameters: { binary_data_output: true } }));
        const { status, headers, bytes } = await send(INFER, pack[encoding](Buffer.concat([json, ...manyBinary])), {
          'Content-Encoding': encoding,
          'Accept-Encoding': encoding,
          'Inference-Header-Content-Length': json.length,
        });
        expect([status, headers['content-encoding'], headers.vary]).toEqual([200, encoding, 'Accept-Encoding']);
        const answer = unpack[encoding](bytes);
        const length = Number(headers['inference-header-content-length']);
        const head = JSON.parse(answer.subarray(0, length).toString());
        expect(head.outputs.map(({ shape }: { shape: number[] }) => shape)).toEqual([[400], [400]]);
        expect(answer.subarray(length, length + 16)).toEqual(BINARY_OUTPUTS[0]);
        expect(answer.length).toBe(length + 400 * 12);
      },
    );

    it.each([
      ['gzip;q=0', undefined],
      ['br', undefined],
      ['deflate;q=0.5, gzip;q=0.4', 'deflate'],
      ['gzip, deflate, br', 'gzip'],
    ])('by Accept-Encoding: %s', async (accepted, expected) => {
      const { headers } = await sendParts(many, manyBinary, { 'Accept-Encoding': accepted });
      expect(headers['content-encoding']).toBe(expected);
    });

    it('no small answers', async () => {
      const { headers } = await sendParts({ inputs: BINARY_INPUTS }, BINARY, { 'Accept-Encoding': 'gzip' });
      expect(headers['content-encoding']).toBeUndefined();
    });
  });

  describe('refuses with 400 {"error"}', () => {
    const alter = (change: object, index = 3) => ({
      inputs: INPUTS.map((input, i) => (i === index ? { ...input, ...change } : input)),
    });
    it.each<[string, unknown, string]>([
      ['an empty body', '', 'The body is empty; a JSON object is due.'],
      ['a list', [], 'The body must be a JSON object with inputs; received an array of 0'],
      ['no inputs', {}, 'inputs must be an array of tensors; received nothing'],
      ['an id that is no string', { id: 7, inputs: [] }, 'id must be a string; received 7'],
      [
        'parameters that are no object',
        { inputs: [], parameters: [] },
        'The parameters of the request must be an object; received an array of 0',
      ],
      [
        'a parameter that is an object',
        { inputs: [], parameters: { a: {} } },
        'The parameter "a" of the request must be a string, a number or a boolean; received an object',
      ],
      [
        'binary_data_output that is no flag',
        { inputs: [], parameters: { binary_data_output: 'yes' } },
        'The parameter "binary_data_output" of the request must be true or false; received "yes"',
      ],
      [
        'an input that is no object',
        { inputs: [1] },
        'inputs[0] must be an object with name, datatype, shape and data; received 1',
      ],
      ['an input without a name', { inputs: [{}] }, 'The name of inputs[0] must be a string; received nothing'],
      [
        'an unknown datatype',
        alter({ datatype: 'FLOAT' }),
        'The datatype of input "feature_4" must be one of BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP32, FP64, BYTES; received "FLOAT"',
      ],
      [
        "another datatype than the model's",
        alter({ datatype: 'BOOL', data: [true, false] }),
        'The datatype of input "feature_4" must be FP64; received BOOL',
      ],
      [
        'no shape',
        alter({ shape: undefined }),
        'The shape of input "feature_4" must be an array of at most 32 whole numbers; received nothing',
      ],
      [
        'a shape of any size',
        alter({ shape: [-1] }),
        'shape[0] of input "feature_4" must be a whole number of at least 0; received -1',
      ],
      [
        'a shape with a fraction',
        alter({ shape: [1.5] }),
        'shape[0] of input "feature_4" must be a whole number of at least 0; received 1.5',
      ],
      [
        'a shape of many dimensions',
        alter({ shape: Array(33).fill(1), data: [1] }),
        'The shape of input "feature_4" must be an array of at most 32 whole numbers; received an array of 33',
      ],
      [
        'an immense shape',
        alter({ shape: [1e9, 1e9] }),
        'The shape of input "feature_4" must be of fewer than 2^53 elements; received "[1000000000, 1000000000]"',
      ],
      [
        "another shape than the model's",
        alter({ shape: [1, 2] }),
        'The shape of input "feature_4" must be [-1] (-1: any size); received [1, 2]',
      ],
      [
        'too few elements',
        alter({ data: [1] }),
        'The data of input "feature_4" must have 2 elements for its shape [2]; received 1',
      ],
      [
        'another number of rows',
        alter({ shape: [1], data: [1] }),
        'Input "feature_4" must have as many rows as "feature_1", 2; received 1',
      ],
      ['no data', alter({ data: undefined }), 'The data of input "feature_4" must be an array; received nothing'],
      [
        'a string for a number',
        alter({ data: [1, '2'] }),
        'data[1] of input "feature_4" must be a number that FP64 can hold, or null for NaN; received "2"',
      ],
      [
        'a number beyond a double',
        JSON.stringify(alter({ data: [1, 7] })).replace('[1,7]', '[1,1e400]'),
        'data[1] of input "feature_4" must be a number that FP64 can hold, or null for NaN; received Infinity, a number beyond the range of a double',
      ],
      [
        'an infinity as Python writes it',
        JSON.stringify(alter({ data: [1, 7] })).replace('[1,7]', '[1,-Infinity]'),
        'data[1] of input "feature_4" must be a number that FP64 can hold, or null for NaN; received -Infinity, a number beyond the range of a double',
      ],
      [
        'a fraction for an integer',
        alter({ data: [5, 3.5] }, 4),
        'data[1] of input "feature_5" must be a whole number from -9007199254740991 to 9007199254740991 (send larger ones as binary data); received 3.5',
      ],
      [
        "what is out of the column's range",
        alter({ data: [75.5, 100.5] }),
        'data[1] of input "feature_4" must be a finite number from 0 to 100; received 100.5',
      ],
      [
        'a missing value',
        alter({ data: [null, 1] }),
        'data[0] of input "feature_4" must be a finite number from 0 to 100; received null',
      ],
      [
        'what a feature cannot hold',
        alter({ data: [0, 1e30] }, 0),
        'data[1] of input "feature_1" must be a number for which feature_1_squared is a finite float32; received 1e+30',
      ],
      [
        'an input that the model does not have',
        alter({ name: 'feature_9' }),
        'Model "random_forest" has no input "feature_9"; its inputs are feature_1, feature_2, feature_3, feature_4, feature_5',
      ],
      ['an input twice', { inputs: [...INPUTS, INPUTS[0]] }, 'Input "feature_1" must be there once; received it twice'],
      [
        'a missing input',
        { inputs: INPUTS.slice(1) },
        'Model "random_forest" needs the inputs feature_1, feature_2, feature_3, feature_4, feature_5; missing: feature_1',
      ],
      ['outputs that are no list', { inputs: INPUTS, outputs: {} }, 'outputs must be an array; received an object'],
      [
        'an output without a name',
        { inputs: INPUTS, outputs: [{}] },
        'outputs[0] must be an object with the name of an output; received an object',
      ],
      [
        'an output that the model does not have',
        { inputs: INPUTS, outputs: [{ name: 'logits' }] },
        'Model "random_forest" has no output "logits"; its outputs are prediction, probability, probabilities',
      ],
      [
        'classification',
        { inputs: INPUTS, outputs: [{ name: 'prediction', parameters: { classification: 3 } }] },
        'The parameter "classification" of output "prediction" asks for the classification extension, not had here',
      ],
      [
        'shared memory',
        alter({ data: undefined, parameters: { shared_memory_region: 'r' } }),
        'The parameter "shared_memory_region" of input "feature_4" asks for shared memory, not had here',
      ],
    ])('%s', async (_what, body, message) => {
      const { status, headers, body: answer } = await infer(body);
      expect([status, headers.get('content-type'), answer]).toEqual([
        400,
        'application/json; charset=utf-8',
        { error: message },
      ]);
    });

    it('a field that comes twice', async () => {
      const twice = JSON.stringify({ inputs: INPUTS }).replace('"datatype"', '"shape":[9],"datatype"');
      expect(await infer(twice)).toMatchObject({
        status: 400,
        body: { error: 'inputs[0].shape must be there once: its object names it twice.' },
      });
    });

    it('no JSON', async () => {
      const { status, body } = await infer('{"inputs":[');
      expect([status, Object.keys(body), typeof body.error]).toEqual([400, ['error'], 'string']);
    });
  });

  it('answers its other errors as {"error"} too', async () => {
    const unknown = await infer({ inputs: INPUTS }, '/v2/models/none/infer');
    expect([unknown.status, unknown.body]).toEqual([
      404,
      { error: 'Request for unknown model: There is no model "none"; there are: random_forest.' },
    ]);
    const version = await infer({ inputs: INPUTS }, `${MODEL}/versions/7/infer`);
    expect([version.status, version.body]).toEqual([
      404,
      { error: 'Request for unknown model: Model "random_forest" has no version or alias "7"; it has: 1, champion.' },
    ]);
    expect(await get('/v2/none')).toEqual(error(404, 'Nothing answers at /v2/none; GET / lists the endpoints.'));
    expect(await get(INFER)).toEqual(error(405, `${INFER} answers POST, OPTIONS.`));
    expect(await get('/v2/models/%ff')).toEqual(
      error(400, "Failed to decode param '%ff'; a path is percent-encoded UTF-8."),
    );
    const large = await infer(`{"inputs":[],"id":"${'x'.repeat(100_000)}"}`);
    const limit =
      'The body may hold 100000 bytes, also when unpacked, by server.bodyLimitBytes (BODY_LIMIT_BYTES); send several smaller batches.';
    expect([large.status, large.body]).toEqual([413, { error: limit }]);
    const packed = await send(INFER, Buffer.from('{}'), { 'Content-Encoding': 'zstd' });
    expect([packed.status, JSON.parse(packed.bytes.toString())]).toEqual([
      415,
      { error: 'Content-Encoding "zstd" is not read here, only: gzip, x-gzip, deflate, br.' },
    ]);
  });

  it('has examples that work when tried out', async () => {
    const { paths } = (await api.ask('/openapi.json')).body;
    for (const path of ['/v2/models/{model}/infer', '/v2/models/{model}/versions/{version}/infer']) {
      const { parameters, requestBody } = paths[path].post;
      const tried = parameters.reduce(
        (text: string, { name, example }: { name: string; example: string }) => text.replace(`{${name}}`, example),
        path,
      );
      const { status, body } = await infer(requestBody.content['application/json'].example, tried);
      expect([status, body.id, body.outputs.length]).toEqual([200, '1', 2]);
    }
  });
});

describe('Statistics', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot()));
  afterAll(() => api.close());

  const duration = (count: number) => ({ count, ns: expect.any(Number) as number });
  const none = { count: 0, ns: 0 };
  const stats = async (path = `${MODEL}/stats`) => (await api.ask(path)).body.model_stats;

  it('count what was asked, rows and failures, and take time', async () => {
    expect(await stats()).toEqual([
      {
        name: 'random_forest',
        version: '1',
        last_inference: 0,
        inference_count: 0,
        execution_count: 0,
        inference_stats: {
          success: none,
          fail: none,
          queue: none,
          compute_input: none,
          compute_infer: none,
          compute_output: none,
          cache_hit: none,
          cache_miss: none,
        },
        response_stats: {},
        batch_stats: [],
        memory_usage: [],
      },
    ]);
    const before = Date.now();
    const one = INPUTS.map((input) => ({ ...input, shape: [1], data: input.data.slice(0, 1) }));
    for (const inputs of [INPUTS, INPUTS, one]) expect((await api.post(INFER, { inputs })).status).toBe(200);
    expect((await api.post(INFER, { inputs: one.slice(1) })).status).toBe(400);
    const [entry] = await stats(`${MODEL}/versions/1/stats`);
    expect(entry.last_inference).toBeGreaterThanOrEqual(before);
    expect(entry).toMatchObject({
      inference_count: 5,
      execution_count: 3,
      inference_stats: {
        success: duration(3),
        fail: duration(1),
        queue: { count: 3, ns: 0 },
        compute_input: duration(3),
        compute_infer: duration(3),
        compute_output: { count: 3, ns: 0 },
      },
      batch_stats: [
        { batch_size: 2, compute_input: duration(2), compute_infer: duration(2), compute_output: { count: 2, ns: 0 } },
        { batch_size: 1, compute_input: duration(1), compute_infer: duration(1), compute_output: { count: 1, ns: 0 } },
      ],
    });
    const { success, compute_input: input, compute_infer: inferred } = entry.inference_stats;
    expect(inferred.ns).toBeGreaterThan(0);
    expect(success.ns).toBeGreaterThanOrEqual(inferred.ns);
    expect(Math.abs(success.ns - input.ns - inferred.ns)).toBeLessThan(10);
    expect(await stats('/v2/models/stats')).toEqual([entry]);
  });
});

describe('A model of strings and nulls', () => {
  const models = temporaryFolder();
  let tiny: TinyBundle;
  let api: RunningApi;
  beforeAll(async () => {
    tiny = await writeTinyBundle(models);
    api = await boot({ MODELS_DIR: models });
  });
  afterAll(() => api.close());

  const inputs = () =>
    Object.keys(tiny.rows[0].input).map((name) => ({
      name,
      datatype: name === 'distance_km' ? 'INT64' : 'FP64',
      shape: [tiny.rows.length],
      data: tiny.rows.map(({ input }) => input[name]),
    }));
  const expected = () => tiny.rows.map(({ prediction }) => prediction as string);

  it('answers BYTES, and takes null and NaN in nullable columns', async () => {
    for (const body of [
      JSON.stringify({ inputs: inputs() }),
      JSON.stringify({ inputs: inputs() }).replaceAll('null', 'NaN'),
    ]) {
      const answer = (await api.post('/v2/models/tiny/infer', body)).body;
      expect(answer.outputs[0]).toEqual({
        name: 'prediction',
        datatype: 'BYTES',
        shape: [tiny.rows.length],
        data: expected(),
      });
    }
  });

  it('takes numbers of any datatype where none of them changes, and a missing whole number', async () => {
    const infer = async (change: (input: { name: string; data: unknown[] }) => object) => {
      const body = { inputs: inputs().map((input) => ({ ...input, ...change(input) })) };
      const { status, body: answer } = await api.post('/v2/models/tiny/infer', body);
      return status === 200 ? answer.outputs[0].data : [status, answer.error];
    };
    for (const datatype of ['FP32', 'FP64']) expect(await infer(() => ({ datatype }))).toEqual(expected());
    for (const datatype of ['INT16', 'UINT16', 'INT32', 'INT64', 'UINT64']) {
      expect(await infer(({ name }) => (name === 'weight_kg' ? { datatype } : {}))).toEqual(expected());
    }
    const whole = (datatype: string) =>
      infer(({ name, data }) =>
        name === 'value_eur' ? { datatype, data: data.map((value) => value && Math.round(value as number)) } : {},
      );
    expect(await whole('INT64')).toEqual(await whole('FP64'));
    expect(inputs()[2].data).toContain(null);
    expect(await infer(({ name }) => (name === 'distance_km' ? { datatype: 'INT32' } : {}))).toEqual(expected());
    const gap = await infer(({ name, data }) => (name === 'distance_km' ? { data: [null, ...data.slice(1)] } : {}));
    expect(gap).toEqual([400, 'data[0] of input "distance_km" must be a whole number from 1 to 20000; received null']);
    const half = await infer(({ name, data }) =>
      name === 'distance_km' ? { datatype: 'FP64', data: [1.5, ...data.slice(1)] } : {},
    );
    expect(half).toEqual([400, 'data[0] of input "distance_km" must be a whole number from 1 to 20000; received 1.5']);
  });

  it('takes null as a parameter, and as the data of a tensor in binary form', async () => {
    const [first, ...others] = inputs();
    const bytes = Buffer.from(Float64Array.from(first.data as number[]).buffer);
    const tensor = { ...first, data: null, parameters: { binary_data_size: bytes.length, content_type: null } };
    const parameters = { content_type: 'pd', headers: null, binary_data_output: null };
    const json = Buffer.from(JSON.stringify({ parameters, inputs: [tensor, ...others] }));
    const { status, body } = await api.post('/v2/models/tiny/infer', Buffer.concat([json, bytes]), {
      'inference-header-content-length': String(json.length),
    });
    expect([status, body.outputs?.[0].data]).toEqual([200, expected()]);
  });

  it('answers BYTES in binary form: each element behind its length', async () => {
    const body = { inputs: inputs(), outputs: [{ name: 'prediction', parameters: { binary_data: true } }] };
    const response = await fetch(`${api.url}/v2/models/tiny/infer`, { method: 'POST', body: JSON.stringify(body) });
    const bytes = Buffer.from(await response.arrayBuffer());
    const binary = bytes.subarray(Number(response.headers.get('inference-header-content-length')));
    const due = expected().map((label) => `${String.fromCharCode(label.length)}\0\0\0${label}`);
    expect(binary.toString('latin1')).toBe(due.join(''));
  });
});

describe('A nullable column of whole numbers', () => {
  const models = temporaryFolder();
  let tiny: TinyBundle;
  let api: RunningApi;
  beforeAll(async () => {
    tiny = await writeWholeNumberBundle(models);
    api = await boot({ MODELS_DIR: models });
  });
  afterAll(() => api.close());

  it.each([
    ['null in JSON', 'INT64', 'null'],
    ['NaN in JSON', 'INT64', 'NaN'],
    ['null in a float tensor', 'FP64', 'null'],
    ['NaN in a float tensor', 'FP32', 'NaN'],
  ])('has a gap where there is %s', async (_how, datatype, gap) => {
    const inputs = Object.keys(tiny.rows[0].input).map((name) => ({
      name,
      datatype: name === 'value_eur' ? datatype : 'FP64',
      shape: [tiny.rows.length],
      data: tiny.rows.map(({ input }) => input[name]),
    }));
    const json = JSON.stringify({ inputs });
    expect(json).toContain('null');
    const { status, body } = await api.post('/v2/models/tiny/infer', json.replaceAll('null', gap));
    expect([status, body.outputs?.[0].data]).toEqual([200, tiny.rows.map(({ prediction }) => prediction)]);
  });

  it('has one in a float tensor in binary form, and refuses a fraction', async () => {
    const infer = (values: number[]) => {
      const inputs = Object.keys(tiny.rows[0].input).map((name) => ({
        name,
        datatype: 'FP64',
        shape: [values.length],
        ...(name === 'value_eur'
          ? { parameters: { binary_data_size: 8 * values.length } }
          : { data: tiny.rows.slice(0, values.length).map(({ input }) => input[name]) }),
      }));
      const json = Buffer.from(JSON.stringify({ inputs }));
      const body = Buffer.concat([json, Buffer.from(Float64Array.from(values).buffer)]);
      return api.post('/v2/models/tiny/infer', body, { 'inference-header-content-length': String(json.length) });
    };
    const { status, body } = await infer(tiny.rows.map(({ input }) => input.value_eur ?? NaN));
    expect([status, body.outputs?.[0].data]).toEqual([200, tiny.rows.map(({ prediction }) => prediction)]);
    const refused = await infer([10, 1.5]);
    expect([refused.status, refused.body.error]).toEqual([
      400,
      'data[1] of input "value_eur" must be a whole number of at least 0, or null; received 1.5',
    ]);
  });
});

describe('Without a model', () => {
  const empty = temporaryFolder();

  it('readiness is 503, and so is all that needs a model', async () => {
    const api = await boot({ MODELS_DIR: empty });
    const ready = await api.ask('/v2/health/ready');
    expect([ready.status, ready.body]).toEqual([503, { live: false, ready: false }]);
    expect((await api.ask('/v2/health/live')).body).toEqual({ live: true });
    expect((await api.post('/v2/repository/index', '')).body).toEqual([]);
    expect((await api.ask('/v2/models/stats')).body).toEqual({ model_stats: [] });
    await api.close();
  });
});
