import { boot, type RunningApi } from '../helper/boot.js';
import { temporaryFolder, type TinyBundle, writeTinyBundle, writeWholeNumberBundle } from '#testing';

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
