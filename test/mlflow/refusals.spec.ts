import { EXAMPLE } from '#testing';
import { boot, type RunningApi } from '../helper/boot.js';
import { NAMES as COLUMNS, ROWS } from '../helper/two-rows.js';

const VALUES = ROWS.map((row) => Object.values(row));

const FIELDS = 'dataframe_split, dataframe_records, instances, inputs';
const DUE = `The input must be a JSON object with exactly one of the input fields ${FIELDS}`;
const NUMBER_4 = 'a finite number from 0 to 100';

describe("MLflow's scoring protocol", () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ MAX_BATCH_INSTANCES: '2000', BODY_LIMIT_BYTES: '200000' })));
  afterAll(() => api.close());

  const invoke = (body: unknown, type = 'application/json') => api.post('/invocations', body, { 'content-type': type });
  const csv = (text: string) => invoke(text, 'text/csv');

  describe('POST /invocations refuses with 400 BAD_REQUEST', () => {
    it.each<[string, unknown, string]>([
      ['no JSON', '{"instances":[', 'Expected double-quoted property name|Unexpected end of JSON input'],
      ['an empty body', '', 'The body is empty; send a JSON object.'],
      ['a list', [1], `${DUE}; received an array`],
      ['a number', '5', `${DUE}; received 5`],
      ['no field', {}, `${DUE}; received the fields: none`],
      ['an unknown field', { data: [] }, `${DUE}; received the fields: data`],
      ['two fields', { instances: ROWS, inputs: ROWS }, `${DUE}; received the fields: instances, inputs`],
      ['a field of 1.x', { columns: [], data: [] }, `${DUE}; received the fields: columns, data`],
      [
        'dataframe_split without data',
        { dataframe_split: { columns: [] } },
        'dataframe_split must be an object with the arrays columns and data',
      ],
      [
        'dataframe_split of null',
        { dataframe_split: null },
        'dataframe_split must be an object with the arrays columns and data',
      ],
      [
        'a column twice',
        { dataframe_split: { columns: ['a', 'a'], data: [] } },
        'dataframe_split.columns names "a" twice',
      ],
      [
        'a column that is no name',
        { dataframe_split: { columns: ['a', 1], data: [] } },
        'dataframe_split.columns[1] must be the name of a column',
      ],
      [
        'a short row',
        { dataframe_split: { columns: ['a', 'b'], data: [[1, 2], [1]] } },
        'dataframe_split.data[1] must be an array of 2, one value per column',
      ],
      [
        'records that are no list',
        { dataframe_records: EXAMPLE },
        'dataframe_records must be an array of objects, one per row',
      ],
      ['instances that are no list', { instances: 'x' }, 'instances must be an array of objects, one per row'],
      [
        'rows without names',
        { instances: VALUES },
        "instances[0] must be an object: this model's inputs are named columns, so send names with the values",
      ],
      [
        'inputs without names',
        { inputs: VALUES },
        "inputs[0] must be an object: this model's inputs are named columns, so send names with the values",
      ],
      ['inputs that are a number', { inputs: 5 }, 'inputs must be an object with one array of values per column'],
      [
        'a column that is no list',
        { inputs: { feature_1: 5 } },
        'inputs.feature_1 must be an array of values, one per row',
      ],
      ['columns of unequal length', { inputs: { a: [1, 2], b: [1] } }, 'inputs.b has 1 values, inputs.a has 2'],
      [
        'no row',
        { dataframe_records: [] },
        'The input must have 1 to 2000 rows, the limit of batch.maxInstances (MAX_BATCH_INSTANCES); send several smaller ones',
      ],
      [
        'too many rows',
        { dataframe_records: Array(2_001).fill({}) },
        'The input must have 1 to 2000 rows, the limit of batch.maxInstances (MAX_BATCH_INSTANCES); send several smaller ones',
      ],
      [
        'what the schema refuses, all of it',
        { dataframe_records: [EXAMPLE, { ...EXAMPLE, feature_4: 101, feature_5: true }, 7, { ...EXAMPLE, more: 1 }] },
        `row[1].feature_4 must be ${NUMBER_4}; received 101. ` +
          'row[1].feature_5 must be a whole number from 1 to 10; received true. ' +
          'row[2] must be an object with feature_1, feature_2, feature_3, feature_4, feature_5; received 7. ' +
          'row[3].more must be absent: the fields are feature_1, feature_2, feature_3, feature_4, feature_5; received 1.',
      ],
      [
        'null and NaN where no value may be missing',
        '{"dataframe_split":{"columns":["feature_1","feature_2","feature_3","feature_4","feature_5"],"data":[[1,1,1,null,1],[1,1,1,NaN,1]]}}',
        `row[0].feature_4 must be ${NUMBER_4}; received null. row[1].feature_4 must be ${NUMBER_4}; received null.`,
      ],
      [
        'infinities as Python writes them',
        '{"dataframe_split":{"columns":["feature_1","feature_2","feature_3","feature_4","feature_5"],"data":[[1,1,1,Infinity,1],[1,1,1,-Infinity,1]]}}',
        `row[0].feature_4 must be ${NUMBER_4}; received "Infinity, a number beyond the range of a double". ` +
          `row[1].feature_4 must be ${NUMBER_4}; received "-Infinity, a number beyond the range of a double".`,
      ],
      [
        'an infinity in a record',
        '{"dataframe_records":[{"feature_1":-Infinity,"feature_2":0,"feature_3":0,"feature_4":0,"feature_5":1}]}',
        'row[0].feature_1 must be a finite number; received "-Infinity, a number beyond the range of a double".',
      ],
      [
        'values beyond a double and beyond the features',
        '{"dataframe_records":[{"feature_1":1e400,"feature_2":0,"feature_3":0,"feature_4":0,"feature_5":1}]}',
        'row[0].feature_1 must be a finite number; received "Infinity, a number beyond the range of a double".',
      ],
      [
        'features that overflow',
        { dataframe_records: [EXAMPLE, { ...EXAMPLE, feature_1: 1e30 }] },
        'row[1].feature_1 must be a number for which the feature feature_1_squared fits in float32 (magnitude at most 3.4028235e38); received 1e+30.',
      ],
    ])('%s', async (_what, body, message) => {
      const { status, headers, body: error } = await invoke(body);
      expect([status, headers.get('content-type')]).toEqual([400, 'application/json; charset=utf-8']);
      const any = message.includes('|') && (expect.stringMatching(message) as string);
      expect(error).toEqual({ error_code: 'BAD_REQUEST', message: any || message });
    });

    it.each([
      ['nothing', '', 'The body is empty; send CSV with a header'],
      [
        'a header alone',
        'feature_1\n',
        'The input must have 1 to 2000 rows, the limit of batch.maxInstances (MAX_BATCH_INSTANCES); send several smaller ones',
      ],
      ['a short row', 'a,b\n1,2\n1\n', 'The body is not CSV with a header: line 3 has 1 cell, but the header has 2.'],
      [
        'an open quote',
        'a,b\n"1,2\n',
        'The body is not CSV with a header: a quote is opened in line 2 and never closed.',
      ],
      ['a column twice', 'a,a\n1,2\n', 'The header names "a" twice'],
      [
        'text in a number',
        `${COLUMNS.join(',')}\n1,1,1,ten,1\n`,
        `row[0].feature_4 must be ${NUMBER_4}; received "ten".`,
      ],
      ['a missing value', `${COLUMNS.join(',')}\n1,1,1,,1\n`, `row[0].feature_4 must be ${NUMBER_4}; received null.`],
      ['hexadecimal', `${COLUMNS.join(',')}\n1,1,1,0x10,1\n`, `row[0].feature_4 must be ${NUMBER_4}; received "0x10".`],
      [
        'too many rows',
        `a\n${'1\n'.repeat(2_001)}`,
        'The input must have 1 to 2000 rows, the limit of batch.maxInstances (MAX_BATCH_INSTANCES); send several smaller ones',
      ],
    ])('CSV with %s', async (_what, text, message) => {
      const { status, body } = await csv(text);
      expect([status, body]).toEqual([400, { error_code: 'BAD_REQUEST', message }]);
    });

    it('a body that is not UTF-8', async () => {
      const { status, body } = await api.post('/invocations', Buffer.from([0x22, 0xff, 0x22]));
      expect([status, body]).toEqual([400, { error_code: 'BAD_REQUEST', message: 'The body is not UTF-8.' }]);
    });

    it.each([
      ['{"dataframe_records":[{"feature_1":1,"feature_1":2}]}', 'dataframe_records[0].feature_1'],
      ['{"instances":[{"a":NaN,"a":NaN}]}', 'instances[0].a'],
      ['{"inputs":{"a":[1],"a":[1]}}', 'inputs.a'],
      ['{"dataframe_split":{"data":[],"data":[]}}', 'dataframe_split.data'],
      ['{"instances":[],"params":{},"params":{}}', 'params'],
    ])('a field that comes twice: %s', async (text, path) => {
      const { status, body } = await api.post('/invocations', text);
      const message = `${path} must be given only once: the object repeats it; received "a second value".`;
      expect([status, body]).toEqual([400, { error_code: 'BAD_REQUEST', message }]);
    });

    it('tells ten faults of many, and how many more there are', async () => {
      const { body } = await invoke({ dataframe_records: Array(100).fill({ ...EXAMPLE, feature_4: -1 }) });
      expect(body.message.match(/row\[\d+\]/g)).toHaveLength(10);
      expect(body.message).toMatch(/received -1\. 90 more\.$/);
    });
  });

  describe('Other errors are in its words too', () => {
    it.each([
      [
        'application/xml',
        "This predictor only supports the following content types: Types: ['text/csv', 'application/json']. Got 'application/xml'.",
      ],
      ['application/json; charset=latin-1', 'The scoring server only supports UTF-8'],
      ['application/json; format=pandas-split', 'Unrecognized content type parameters: format=pandas-split.'],
    ])('415 for %s', async (type, message) => {
      const { status, body } = await invoke('{}', type);
      expect([status, body]).toEqual([415, { error_code: 'BAD_REQUEST', message }]);
    });

    it('413 for a body over the limit, 405 for another method', async () => {
      const large = await invoke(`{"instances":[],"params":"${'x'.repeat(200_000)}"}`);
      expect([large.status, large.body]).toEqual([
        413,
        {
          error_code: 'BAD_REQUEST',
          message:
            'The body exceeds 200000 bytes, compressed or decompressed, the limit of server.bodyLimitBytes (BODY_LIMIT_BYTES); send several smaller batches.',
        },
      ]);
      const get = await api.ask('/invocations');
      expect([get.status, get.headers.get('allow'), get.body]).toEqual([
        405,
        'POST, OPTIONS',
        { error_code: 'BAD_REQUEST', message: '/invocations accepts only POST, OPTIONS.' },
      ]);
    });
  });
});
