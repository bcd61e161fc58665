import { boot, type RunningApi } from '../helper/boot.js';
import {
  ANSWER,
  datatypeOf,
  error,
  get,
  INFER,
  infer,
  INPUTS,
  MODEL,
  NAMES,
  OUTPUTS,
  send,
} from '../helper/inference-rest.js';
import { recordedRows } from '#testing';

describe('The Open Inference Protocol over REST', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ BODY_LIMIT_BYTES: '100000' })));
  afterAll(() => api.close());

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
      const { status, headers, text } = await infer(api, body);
      expect([status, headers.get('content-type'), text]).toEqual([200, 'application/json', JSON.stringify(ANSWER)]);
    });

    it('by version, and echoes the id', async () => {
      const { text } = await infer(api, { id: 'a"b\u2028', inputs: INPUTS }, `${MODEL}/versions/1/infer`);
      expect(text).toBe(JSON.stringify({ id: 'a"b\u2028', ...ANSWER }));
    });

    it('the outputs that are asked for, in that order', async () => {
      const { body } = await infer(api, { inputs: INPUTS, outputs: [{ name: 'probability' }, { name: 'prediction' }] });
      expect(body.outputs).toEqual([OUTPUTS[1], OUTPUTS[0]]);
      expect((await infer(api, { inputs: INPUTS, outputs: [{ name: 'probability' }] })).body.outputs).toEqual([
        OUTPUTS[1],
      ]);
    });

    it('without rows', async () => {
      const { body } = await infer(api, { inputs: INPUTS.map((input) => ({ ...input, shape: [0], data: [] })) });
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
        const answer = await send(api, INFER, body, type);
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
      const [labels, probabilities] = (await infer(api, { inputs })).body.outputs;
      expect(labels.data).toEqual(rows.map(({ prediction }) => prediction));
      rows.forEach(({ proba }, i) => expect(probabilities.data[i]).toBeCloseTo(proba[1], 6));
    });
  });

  it('answers its other errors as {"error"} too', async () => {
    const unknown = await infer(api, { inputs: INPUTS }, '/v2/models/none/infer');
    expect([unknown.status, unknown.body]).toEqual([
      404,
      { error: 'Request for unknown model: There is no model "none"; there are: random_forest.' },
    ]);
    const version = await infer(api, { inputs: INPUTS }, `${MODEL}/versions/7/infer`);
    expect([version.status, version.body]).toEqual([
      404,
      { error: 'Request for unknown model: Model "random_forest" has no version or alias "7"; it has: 1, champion.' },
    ]);
    expect(await get(api, '/v2/none')).toEqual(
      error(404, 'There is no endpoint at /v2/none; GET / lists the endpoints.'),
    );
    expect(await get(api, INFER)).toEqual(error(405, `${INFER} accepts only POST, OPTIONS.`));
    expect(await get(api, '/v2/models/%ff')).toEqual(
      error(400, "Failed to decode param '%ff'; a path is percent-encoded UTF-8."),
    );
    const large = await infer(api, `{"inputs":[],"id":"${'x'.repeat(100_000)}"}`);
    const limit =
      'The body exceeds 100000 bytes, compressed or decompressed, the limit of server.bodyLimitBytes (BODY_LIMIT_BYTES); send several smaller batches.';
    expect([large.status, large.body]).toEqual([413, { error: limit }]);
    const packed = await send(api, INFER, Buffer.from('{}'), { 'Content-Encoding': 'zstd' });
    expect([packed.status, JSON.parse(packed.bytes.toString())]).toEqual([
      415,
      { error: 'Content-Encoding "zstd" is not supported here; use one of: gzip, x-gzip, deflate, br.' },
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
      const { status, body } = await infer(api, requestBody.content['application/json'].example, tried);
      expect([status, body.id, body.outputs.length]).toEqual([200, '1', 2]);
    }
  });
});
