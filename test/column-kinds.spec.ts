import {
  Bool,
  DateDay,
  Dictionary,
  Float64,
  Int32,
  Int64,
  makeData,
  makeVector,
  Table,
  tableToIPC,
  TimestampMicrosecond,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { GoldenRow } from '#bundle';
import { MIXED_ROWS, temporaryFolder, writeMixedBundle } from '#testing';
import { boot, type RunningApi } from './helper/boot.js';
import { type GrpcClient, grpcClient } from './helper/grpc-client.js';

const NAMES = Object.keys(MIXED_ROWS[0]);
const ROW = MIXED_ROWS[0];
const columnOf = (name: string) => MIXED_ROWS.map((row) => row[name]);
const DATATYPES: Readonly<Record<string, string>> = { amount: 'FP64', items: 'INT64', urgent: 'BOOL', sent: 'INT64' };

/** The rows in CSV: quoted where CSV needs it, booleans as Python writes them. */
const csv = (rows: readonly GoldenRow['input'][]): string =>
  [NAMES, ...rows.map((row) => NAMES.map((name) => row[name]))]
    .map((cells) => cells.map((cell) => (cell === true ? 'True' : cell === false ? 'False' : (cell ?? 'NA'))).join(','))
    .join('\n');

describe('A model with columns of every kind', () => {
  const models = temporaryFolder();
  let rows: readonly GoldenRow[];
  let labels: unknown[];
  let api: RunningApi;
  let client: GrpcClient;
  beforeAll(async () => {
    rows = await writeMixedBundle(models);
    labels = rows.map(({ prediction }) => prediction);
    api = await boot({ MODELS_DIR: models, GRPC_ENABLED: 'true', GRPC_PORT: '0' });
    client = grpcClient(api.grpcPort!);
  });
  afterAll(async () => {
    client.close();
    await api.close();
  });

  const predictionsOf = ({ status, body }: { status: number; body: any }): unknown =>
    status === 200 ? (body.predictions?.map(({ prediction }: any) => prediction) ?? body.columns.prediction) : body;
  const invoke = async (body: unknown, type = 'application/json') => {
    const { body: answer } = await api.post('/invocations', body, { 'content-type': type });
    return answer.predictions ?? answer;
  };

  it('tells its classes apart', () => expect(new Set(labels)).toEqual(new Set(['hold', 'ship'])));

  it('answers single rows, also those whose fields come in another order', async () => {
    for (const { input, prediction, probabilities } of rows) {
      for (const row of [input, Object.fromEntries(Object.entries(input).toReversed()), { ...input, customer: [1] }]) {
        const { body } = await api.post('/predict', row);
        expect(body).toMatchObject({ prediction, probability: Math.round(probabilities[1] * 1e6) / 1e6 });
      }
    }
  });

  it('answers batches of JSON, by rows and by columns', async () => {
    expect(predictionsOf(await api.post('/predict/batch', { instances: MIXED_ROWS }))).toEqual(labels);
    const columns = Object.fromEntries(NAMES.map((name) => [name, columnOf(name)]));
    expect(predictionsOf(await api.post('/predict/batch', { columns }))).toEqual(labels);
  });

  it('answers NDJSON line by line, and a wrong line in its place', async () => {
    const lines = [...MIXED_ROWS, { ...ROW, due: '29.02.2024' }].map((row) => JSON.stringify(row)).join('\n');
    const { text } = await api.post('/predict/batch', lines, { 'content-type': 'application/x-ndjson' });
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.slice(0, -1).map(({ prediction }) => prediction)).toEqual(labels);
    expect(answers.at(-1).error.errors).toEqual([
      { path: 'due', expected: 'a date written YYYY-MM-DD, or null', received: '29.02.2024' },
    ]);
  });

  it('answers CSV', async () => {
    const { text } = await api.post('/predict/batch', csv(MIXED_ROWS), { 'content-type': 'text/csv' });
    expect(
      text
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0]),
    ).toEqual(labels);
  });

  it('answers Arrow', async () => {
    const due = columnOf('due').map((day) => day && new Date(day as string));
    const placed = [
      '2024-02-28T23:30:00Z',
      '2024-02-28T23:30:00Z',
      '1969-12-31T23:59:59.999999Z',
      '2024-06-01T10:00Z',
      '2024-06-01T05:00Z',
    ];
    const microseconds = placed.map(
      (time) => BigInt(Date.parse(time.replace(/\d{3}Z/, 'Z'))) * 1000n + (time.includes('.999999') ? 999n : 0n),
    );
    const paid = columnOf('paid').map((day) => day && new Date((day as string).split('.').toReversed().join('-')));
    const packed = ['2024-01-01T04:59Z', '', '2024-01-01T05:00Z', '2023-06-30T19:05Z', '2023-03-02T13:00Z'];
    const body = tableToIPC(
      new Table({
        amount: vectorFromArray(columnOf('amount'), new Float64()),
        items: vectorFromArray(columnOf('items'), new Int32()),
        urgent: vectorFromArray(columnOf('urgent'), new Bool()),
        channel: vectorFromArray(columnOf('channel'), new Dictionary(new Utf8(), new Int32())),
        size: vectorFromArray(columnOf('size'), new Float64()),
        note: vectorFromArray(columnOf('note'), new Utf8()),
        due: vectorFromArray(due, new DateDay()),
        placed: makeVector(makeData({ type: new TimestampMicrosecond('UTC'), data: BigInt64Array.from(microseconds) })),
        paid: vectorFromArray(paid, new DateDay()),
        packed: vectorFromArray(
          packed.map((time) => (time === '' ? null : Date.parse(time))),
          new TimestampMillisecond('UTC'),
        ),
        sent: vectorFromArray(
          columnOf('sent').map((time) => BigInt(time as number)),
          new Int64(),
        ),
        customer: vectorFromArray([1n, 2n, 3n, 4n, 5n], new Int64()),
      }),
      'stream',
    );
    const type = 'application/vnd.apache.arrow.stream';
    const answer = await api.post('/predict/batch', body, { 'content-type': type, accept: 'application/json' });
    expect(predictionsOf(answer)).toEqual(labels);
  });

  it('answers the Open Inference Protocol: BYTES, BOOL, INT64 and FP64', async () => {
    expect((await api.ask('/v2/models/orders')).body.inputs).toEqual(
      NAMES.map((name) => ({ name, datatype: DATATYPES[name] ?? 'BYTES', shape: [-1] })),
    );
    const inputOf = (name: string) => ({
      name,
      datatype: DATATYPES[name] ?? (name === 'size' ? 'FP64' : 'BYTES'),
      shape: [MIXED_ROWS.length],
      data: columnOf(name),
    });
    const infer = async (inputs: unknown[]) => {
      const { status, body } = await api.post('/v2/models/orders/infer', { inputs });
      return status === 200 ? body.outputs[0].data : [status, body.error];
    };
    expect(await infer(NAMES.map(inputOf))).toEqual(labels);
    const size = {
      ...inputOf('size'),
      datatype: 'BYTES',
      data: columnOf('size').map((value) => `${String(value)}${value === 10 ? '.0' : ''}`),
    };
    expect(await infer([...NAMES.filter((name) => name !== 'size').map(inputOf), size])).toEqual(labels);
    const wrong = async (name: string, data: unknown[], datatype = inputOf(name).datatype) =>
      infer([...NAMES.filter((one) => one !== name).map(inputOf), { ...inputOf(name), data, datatype }]);
    expect(await wrong('placed', ['2024-01-01', ...columnOf('placed').slice(1)])).toEqual([
      400,
      'data[0] of input "placed" must be a date and time such as 2024-05-31T12:30:00; received "2024-01-01"',
    ]);
    expect(await wrong('size', [3, ...columnOf('size').slice(1)])).toEqual([
      400,
      'data[0] of input "size" must be one of 1, 2.5, 10; received 3',
    ]);
    expect(await wrong('channel', [1, 2, 3, 4, 5], 'INT64')).toEqual([
      400,
      'The datatype of input "channel" must be BYTES; received INT64',
    ]);
    expect(await wrong('urgent', [0, 1, 2, null, 1], 'FP64')).toEqual([
      400,
      'data[2] of input "urgent" must be true or false, or null; received 2',
    ]);
  });

  it('answers gRPC', async () => {
    const full = [0, 3].map((row) => MIXED_ROWS[row]);
    const contentsOf = (name: string): object => {
      const values = full.map((row) => row[name]);
      if (name === 'urgent') return { bool_contents: values };
      if (name === 'items' || name === 'sent') return { int64_contents: values };
      if (name === 'amount') return { fp64_contents: values };
      return { bytes_contents: values.map((value) => Buffer.from(String(value))) };
    };
    const inputs = NAMES.map((name) => ({
      name,
      datatype: DATATYPES[name] ?? 'BYTES',
      shape: [2],
      contents: contentsOf(name),
    }));
    const { message } = await client.call('ModelInfer', {
      model_name: 'orders',
      inputs,
      outputs: [{ name: 'prediction' }],
    });
    expect(message.outputs[0].contents.bytes_contents.map(String)).toEqual([labels[0], labels[3]]);
  });

  it('answers the formats of MLflow', async () => {
    const data = MIXED_ROWS.map((row) => NAMES.map((name) => row[name]));
    expect(await invoke({ dataframe_split: { columns: NAMES, data } })).toEqual(labels);
    expect(await invoke({ dataframe_split: { data, columns: NAMES } })).toEqual(labels);
    expect(await invoke({ dataframe_records: MIXED_ROWS })).toEqual(labels);
    expect(await invoke({ inputs: Object.fromEntries(NAMES.map((name) => [name, columnOf(name)])) })).toEqual(labels);
    expect(await invoke(csv(MIXED_ROWS), 'text/csv')).toEqual(labels);
  });

  it.each([
    ['amount', '12,5', 'a finite number of at least -1000, or null'],
    ['items', 1.5, 'a whole number of at least 0'],
    ['items', null, 'a whole number of at least 0'],
    ['urgent', 1, 'true or false, or null'],
    ['channel', 5, 'a text, or null'],
    ['size', 3, 'one of 1, 2.5, 10'],
    ['size', 'S', 'one of 1, 2.5, 10'],
    ['note', false, 'a text, or null'],
    ['due', '2023-02-29', 'a date written YYYY-MM-DD, or null'],
    ['placed', '2024-05-31', 'a date and time such as 2024-05-31T12:30:00'],
    ['paid', '2023-12-20', 'a date such as 31.05.2024 (%d.%m.%Y), or null'],
    ['packed', '31/12/2023 11:59 PM', 'a date and time such as 05/31/2024 02:05 PM (%m/%d/%Y %I:%M %p), or null'],
    ['sent', '2023-12-20', 'a whole number of seconds since 1970 in UTC, such as 1717164309 of at least 0'],
    ['sent', 1_717_164_309_000, 'a whole number of seconds since 1970 in UTC, such as 1717164309 of at least 0'],
  ])('refuses %s = %j, and says what it expected', async (name, value, expected) => {
    const row = { ...ROW, [name]: value };
    const fault = { expected, received: value };
    const single = await api.post('/predict', row);
    expect([single.status, single.body.errors]).toEqual([422, [{ path: name, ...fault }]]);
    const batch = await api.post('/predict/batch', { instances: [ROW, row] });
    expect([batch.status, batch.body.errors]).toEqual([422, [{ path: `instances[1].${name}`, ...fault }]]);
    const columns = Object.fromEntries(NAMES.map((one) => [one, [ROW[one], row[one]]]));
    expect((await api.post('/predict/batch', { columns })).body.errors).toEqual(batch.body.errors);
    const { error_code, message } = await invoke({ dataframe_records: [ROW, row] });
    expect([error_code, message]).toEqual(['BAD_REQUEST', expect.stringContaining(expected)]);
  });

  it.each([
    ['amount', '12.5.1'],
    ['urgent', 'yes'],
    ['size', '3'],
    ['due', '02/29/2024'],
    ['placed', '1709163000'],
    ['paid', '12/20/2023'],
    ['packed', '12/31/2023 23:59'],
    ['sent', '2023-12-20'],
  ])('refuses a cell of CSV: %s = %s', async (name, value) => {
    const { status, body } = await api.post('/predict/batch', csv([ROW, { ...ROW, [name]: value }]), {
      'content-type': 'text/csv',
    });
    expect([status, body.errors]).toEqual([
      422,
      [{ path: `instances[1].${name}`, expected: expect.any(String), received: name === 'size' ? 3 : value }],
    ]);
  });

  it('takes missing tokens of its columns in every format', async () => {
    const [none] = labels.slice(1);
    const missing = { ...MIXED_ROWS[1], amount: -999 };
    expect((await api.post('/predict', missing)).body.prediction).toBe(none);
    expect((await api.post('/predict', { ...missing, amount: 'NA' })).body.prediction).toBe(none);
    expect(await invoke(csv([missing]), 'text/csv')).toEqual([none]);
  });

  it('counts unknown values by column, in answered rows only', async () => {
    const counts = async (): Promise<Record<string, number>> => {
      const { text } = await api.ask('/metrics');
      const found = text.matchAll(/^skewless_unknown_values_total\{model="orders",column="(\w+)"\} (\d+)$/gm);
      return Object.fromEntries(Array.from(found, ([, column, count]) => [column, Number(count)]));
    };
    const before = await counts();
    expect(Object.keys(before)).toEqual(['channel', 'size', 'note']);
    expect(before.size).toBe(0);
    const unknown = { ...ROW, channel: 'pigeon', note: 'a new one' };
    await api.post('/predict', unknown);
    await api.post('/predict/batch', { instances: [unknown, ROW, { ...unknown, note: null }] });
    await api.post('/predict', { ...unknown, items: -1 });
    expect(await counts()).toEqual({ channel: before.channel + 3, size: 0, note: before.note + 2 });
  });

  it('describes its columns', async () => {
    const { inputs } = (await api.ask('/models/orders')).body.signature;
    expect(inputs.slice(2, 6)).toEqual([
      { name: 'urgent', type: 'boolean', nullable: true },
      {
        name: 'channel',
        type: 'category',
        codes: 'text',
        values: ['', '__proto__', 'constructor', 'web'],
        unknown: 'other',
        nullable: true,
      },
      { name: 'size', type: 'category', codes: 'number', values: [1, 2.5, 10], nullable: false },
      { name: 'note', type: 'text', values: ['fragile', 'übergroß'], unknown: 'missing', nullable: true },
    ]);
    expect(inputs.slice(8)).toEqual([
      { name: 'paid', type: 'date', format: '%d.%m.%Y', nullable: true },
      { name: 'packed', type: 'datetime', format: '%m/%d/%Y %I:%M %p', timezone: '-05:00', nullable: true },
      { name: 'sent', type: 'datetime', format: 'epoch_seconds', minimum: 0, nullable: false },
    ]);
    const { components } = (await api.ask('/openapi.json')).body;
    expect(components.schemas.PredictRequest).toMatchObject({
      required: ['items', 'size', 'placed', 'sent'],
      properties: {
        urgent: { type: ['boolean', 'null'] },
        channel: { type: ['string', 'null'], example: 'web' },
        due: { type: ['string', 'null'], format: 'date' },
        paid: {
          type: ['string', 'null'],
          description: 'A date such as 31.05.2024 (%d.%m.%Y)',
          example: '31.05.2024',
        },
        packed: { type: ['string', 'null'], example: '05/31/2024 02:05 PM' },
        sent: { type: 'integer', minimum: 0, example: 1_717_164_309 },
      },
    });
  });
});
