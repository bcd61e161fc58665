import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { boot, type RunningApi } from '../helper/boot.js';
import {
  ANSWER,
  BINARY,
  BINARY_INPUTS,
  BINARY_OUTPUTS,
  INFER,
  INPUTS,
  OUTPUTS,
  type RawAnswer,
  send,
  sendParts,
} from '../helper/inference-rest.js';

describe('The Open Inference Protocol over REST', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ BODY_LIMIT_BYTES: '100000' })));
  afterAll(() => api.close());

  describe('speaks the binary tensor extension', () => {
    it('reads inputs behind the JSON, byte for byte', async () => {
      const { status, bytes } = await sendParts(api, { inputs: BINARY_INPUTS }, BINARY);
      expect([status, bytes.toString()]).toEqual([200, JSON.stringify(ANSWER)]);
    });

    it('reads binary and JSON inputs mixed', async () => {
      const inputs = [BINARY_INPUTS[0], INPUTS[1], BINARY_INPUTS[2], INPUTS[3], BINARY_INPUTS[4]];
      const { bytes } = await sendParts(api, { inputs }, [BINARY[0], BINARY[2], BINARY[4]]);
      expect(bytes.toString()).toBe(JSON.stringify(ANSWER));
    });

    it('reads JSON alone with its length given', async () => {
      expect((await sendParts(api, { inputs: INPUTS }, [])).bytes.toString()).toBe(JSON.stringify(ANSWER));
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
        api,
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
        expect(parts(await send(api, INFER, Buffer.from(JSON.stringify(body))))).toEqual([
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
      const { status, bytes } = await sendParts(api, { inputs }, binary);
      expect([status, JSON.parse(bytes.toString())]).toEqual([400, { error: message }]);
    });

    it.each(['x', '-1', '1e2', '99999'])('refuses a length of the JSON of %j', async (length) => {
      const { status, bytes } = await send(api, INFER, Buffer.from('{}'), {
        'Inference-Header-Content-Length': length,
      });
      const due =
        'Inference-Header-Content-Length must be the number of bytes of the JSON at the beginning of the body, at most 2';
      expect([status, JSON.parse(bytes.toString())]).toEqual([400, { error: `${due}; received "${length}"` }]);
    });

    it('refuses a request without JSON where the model has several inputs', async () => {
      const { status, bytes } = await send(api, INFER, BINARY[0], { 'Inference-Header-Content-Length': 0 });
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
        const { status, headers, bytes } = await send(
          api,
          INFER,
          pack[encoding](Buffer.concat([json, ...manyBinary])),
          {
            'Content-Encoding': encoding,
            'Accept-Encoding': encoding,
            'Inference-Header-Content-Length': json.length,
          },
        );
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
      const { headers } = await sendParts(api, many, manyBinary, { 'Accept-Encoding': accepted });
      expect(headers['content-encoding']).toBe(expected);
    });

    it('no small answers', async () => {
      const { headers } = await sendParts(api, { inputs: BINARY_INPUTS }, BINARY, { 'Accept-Encoding': 'gzip' });
      expect(headers['content-encoding']).toBeUndefined();
    });
  });
});
