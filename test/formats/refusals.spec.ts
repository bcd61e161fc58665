import { Float16, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { ANSWERS, ARROW, arrowOf, COLUMNS, CSV, linesOf, NDJSON } from '../helper/batch-formats.js';
import { boot, type RunningApi } from '../helper/boot.js';
import { NAMES, OTHER } from '../helper/two-rows.js';

describe('Formats of a batch', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ BODY_LIMIT_BYTES: '4096', MAX_BATCH_INSTANCES: '20' })));
  afterAll(() => api.close());

  const send = (body: unknown, type: string, headers: Record<string, string> = {}) =>
    api.post('/predict/batch', body, { 'content-type': type, ...headers });
  const faultsOf = async (body: unknown, type: string): Promise<unknown> => {
    const { status, body: document } = await send(body, type);
    return [status, document.errors ?? document.detail];
  };

  describe('are checked by the same rules, in the same words', () => {
    const faults = [
      { path: 'instances[0].feature_5', expected: 'a whole number from 1 to 10', received: 5.5 },
      { path: 'instances[1].feature_4', expected: 'a finite number from 0 to 100', received: 101 },
    ];
    const wrong = { ...COLUMNS, feature_4: [75.5, 101], feature_5: [5.5, 3] };
    const csv = CSV.replace(',75.5,5\n', ',75.5,5.5\n').replace(',45,3', ',101,3');
    it.each<[string, string, unknown]>([
      ['JSON by columns', 'application/json', { columns: wrong }],
      ['CSV', 'text/csv', csv],
      ['Arrow', ARROW, arrowOf(wrong)],
    ])('%s', async (_, type, body) => {
      expect(await faultsOf(body, type)).toEqual([422, faults]);
    });

    it('a cell that is no number, and an empty one', async () => {
      expect(await faultsOf(CSV.replace('0.5,', 'high,').replace('-0.3,0.8', ',0.8'), 'text/csv')).toEqual([
        422,
        [
          { path: 'instances[0].feature_1', expected: 'a finite number', received: 'high' },
          { path: 'instances[1].feature_1', expected: 'a finite number', received: null },
        ],
      ]);
    });

    it('columns that are missing, unknown, short, no arrays, or too many rows', async () => {
      const { feature_1, ...rest } = COLUMNS;
      expect(
        await faultsOf({ columns: { ...rest, feature_2: [1], feature_9: feature_1 } }, 'application/json'),
      ).toEqual([
        422,
        [
          { path: 'columns.feature_1', expected: 'a column of values', received: 'nothing' },
          {
            path: 'columns.feature_9',
            expected: 'absent: the fields are feature_1, feature_2, feature_3, feature_4, feature_5',
            received: 'a column of 2',
          },
          { path: 'columns.feature_2', expected: 'as long as the longest column, 2', received: 'a column of 1' },
        ],
      ]);
      expect(await faultsOf({ columns: { ...COLUMNS, feature_1: 1 }, more: 1 }, 'application/json')).toEqual([
        422,
        [
          { path: 'more', expected: 'absent: the only field is columns', received: 1 },
          { path: 'columns.feature_1', expected: 'an array of values', received: 1 },
        ],
      ]);
      expect(await faultsOf({ columns: [1] }, 'application/json')).toEqual([
        422,
        [{ path: 'columns', expected: 'an object with an array of values per field', received: 'an array of 1' }],
      ]);
      const many = Object.fromEntries(NAMES.map((name) => [name, Array<number>(21).fill(1)]));
      const tooMany = [
        422,
        [
          {
            path: 'columns',
            expected: 'columns of 1 to 20 values, the limit of batch.maxInstances (MAX_BATCH_INSTANCES)',
            received: 'columns of 21',
          },
        ],
      ];
      expect(await faultsOf({ columns: many }, 'application/json')).toEqual(tooMany);
      expect(await faultsOf(arrowOf(many), ARROW)).toEqual(tooMany);
      expect(await faultsOf(`${CSV}${`\n${Object.values(OTHER).join(',')}`.repeat(30)}`, 'text/csv')).toEqual(tooMany);
    });

    it('a field of JSON that comes twice', async () => {
      const twice = (path: string): unknown => [
        422,
        [{ path, expected: 'given only once: the object repeats it', received: 'a second value' }],
      ];
      const row = JSON.stringify(OTHER);
      const doubled = row.replace('"feature_2"', '"feature_1":5,"feature_2"');
      const json = 'application/json';
      expect(await faultsOf(`{"instances":[${row},${doubled}]}`, json)).toEqual(twice('instances[1].feature_1'));
      expect(await faultsOf(`{"instances":[${row}],"instances":[${row}]}`, json)).toEqual(twice('instances'));
      const columns = JSON.stringify(COLUMNS).replace('{', '{"feature_3":[1,2],');
      expect(await faultsOf(`{"columns":${columns}}`, json)).toEqual(twice('columns.feature_3'));
      const { status, body } = await api.post('/predict', doubled);
      expect([status, body.errors]).toEqual(twice('feature_1'));
      const escaped = await api.post('/predict', row.replace('"feature_2"', '"feature_\\u0031":5,"feature_2"'));
      expect([escaped.status, escaped.body.errors]).toEqual(twice('feature_1'));
      const [first, second, third] = linesOf((await send(`${row}\n${doubled}\n${row}`, NDJSON)).text) as any[];
      expect([first, third]).toEqual([ANSWERS[1], ANSWERS[1]]);
      expect([second.error.line, [second.error.status, second.error.errors]]).toEqual([2, twice('feature_1')]);
    });

    it('what is not of its format: 400', async () => {
      const cases: [string, string | Uint8Array, RegExp][] = [
        ['text/csv', '', /^The body is not CSV with a header: it is empty\.$/],
        ['text/csv', 'a,b\n1', /^The body is not CSV with a header: line 2 has 1 cell/],
        ['text/csv', 'a,a\n1,2', /^The body is not CSV with a header: it names the column "a" twice\.$/],
        [ARROW, 'nonsense and more of it', /^The body is not an Arrow IPC stream of columns: /],
        [ARROW, '', /^The body is not an Arrow IPC stream of columns: /],
        [ARROW, arrowOf(COLUMNS).subarray(0, -200), /^The body is not an Arrow IPC stream of columns: /],
        [
          ARROW,
          tableToIPC(new Table({ feature_1: vectorFromArray(['a'], new Utf8()) }), 'stream'),
          /: the column "feature_1" holds no numbers; send integers or floats\.$/,
        ],
      ];
      for (const [type, body, detail] of cases) {
        const [status, found] = (await faultsOf(body, type)) as [number, string];
        expect([type, status, found]).toEqual([type, 400, expect.stringMatching(detail)]);
      }
    });

    it('half floats are numbers too', async () => {
      const columns = { ...Object.fromEntries(NAMES.map((name) => [name, vectorFromArray(COLUMNS[name])])) };
      const body = tableToIPC(
        new Table({ ...columns, feature_4: vectorFromArray([75.5, 45], new Float16()) }),
        'stream',
      );
      expect((await send(body, ARROW, { accept: 'application/json' })).body.predictions).toEqual(ANSWERS);
    });
  });
});
