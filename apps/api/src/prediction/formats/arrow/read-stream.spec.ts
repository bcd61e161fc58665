import { readFileSync } from 'node:fs';
import {
  Bool,
  DateDay,
  Dictionary,
  Float64,
  Int32,
  Int64,
  Int8,
  LargeUtf8,
  makeData,
  makeVector,
  Schema,
  Table,
  tableFromArrays,
  tableToIPC,
  type Timestamp,
  TimestampMicrosecond,
  TimestampNanosecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { kindOf, type RawSchema } from '#schema';
import { Problem } from '../../../problem/problem.js';
import { valueAt } from '../../column.js';
import { decodeColumns } from './arrow-codec.js';

const MAX_ROWS = 100;
const COLUMNS: RawSchema = [
  { name: 'a', type: 'float', nullable: true },
  { name: 'b', type: 'float', nullable: true },
  { name: 'flag', type: 'boolean', nullable: true },
  { name: 'text', type: 'category', codes: 'text', values: ['x'], nullable: true },
  { name: 'code', type: 'category', codes: 'number', values: [1], nullable: true },
  { name: 'day', type: 'date', nullable: true },
  { name: 'moment', type: 'datetime', nullable: true },
];
const TAKEN = {
  column: (name: string) => {
    const column = COLUMNS.find((one) => one.name === name);
    return column && { column, reader: kindOf(column).reader(column) };
  },
  knows: (name: string) => name !== 'i',
};
const table = tableFromArrays({ a: Float64Array.of(1, 2), b: Int32Array.of(3, 4) });
const stream = Buffer.from(tableToIPC(table, 'stream'));
/** The length of a message is in the eight bytes before it. */
const SCHEMA_BYTES = 8 + stream.readInt32LE(4);

/** The second of three is null. */
const moments = (type: Timestamp, ...counts: bigint[]) =>
  makeVector(makeData({ type, length: 3, data: BigInt64Array.from(counts), nullBitmap: Uint8Array.of(0b101) }));

function decode(body: Buffer): object {
  return Object.fromEntries(
    [...decodeColumns(body, MAX_ROWS, TAKEN)].map(([name, column]) => [
      name,
      Array.from({ length: column.length }, (_, row) => valueAt(column, row)),
    ]),
  );
}

/** The reader's error message for a body, if any. */
function fault(body: Buffer): string | undefined {
  try {
    decode(body);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    return (error as Problem).detail;
  }
}

describe('An Arrow IPC stream', () => {
  it('is read', () => {
    expect(decode(stream)).toEqual({ a: [1, 2], b: [3, 4] });
  });

  it.each([[['i']], [['i', 'a']], [[{ kind: 'range' }, 'i']]])(
    'is read without the index of pandas, %j, and without columns that are not used, whatever they hold',
    (index_columns) => {
      const { schema, batches } = new Table({
        c: vectorFromArray(['x', 'a long text', null], new Utf8()),
        a: vectorFromArray([1, 2, 3], new Float64()),
        i: vectorFromArray([new Date(0), new Date(1), null]),
        b: vectorFromArray([4, null, 6], new Float64()),
      });
      const metadata = new Map([
        ['other', '1'],
        ['pandas', JSON.stringify({ index_columns })],
      ]);
      const body = Buffer.from(tableToIPC(new Table(new Schema(schema.fields, metadata), batches), 'stream'));
      expect(decode(body)).toEqual({ a: [1, 2, 3], b: [4, null, 6] });
    },
  );

  it('is read with columns of every kind', () => {
    const dictionary = new Dictionary(new Utf8(), new Int8());
    const body = tableToIPC(
      new Table({
        flag: vectorFromArray([true, null, false], new Bool()),
        text: vectorFromArray(['x', null, 'x'], dictionary),
        code: vectorFromArray(['1', null, '1.0'], new LargeUtf8()),
        day: vectorFromArray([new Date('2024-02-29'), null, new Date('1969-12-31')], new DateDay()),
        moment: moments(new TimestampMicrosecond('UTC'), 0n, 0n, -1n),
      }),
      'stream',
    );
    expect(decode(Buffer.from(body))).toEqual({
      flag: [true, null, false],
      text: ['x', null, 'x'],
      code: ['1', null, '1.0'],
      day: ['2024-02-29', null, '1969-12-31'],
      moment: ['1970-01-01T00:00:00Z', null, '1969-12-31T23:59:59.999999Z'],
    });
  });

  it('is read with numbers for a category of these, and with nanoseconds that have no zone', () => {
    const body = tableToIPC(
      new Table({
        code: vectorFromArray([1n, null, 2n], new Dictionary(new Int64(), new Int32())),
        moment: moments(new TimestampNanosecond(), 1_700_000_000_123_456_789n, 0n, -1n),
      }),
      'stream',
    );
    expect(decode(Buffer.from(body))).toEqual({
      code: [1, null, 2],
      moment: ['2023-11-14T22:13:20.123456', null, '1969-12-31T23:59:59.999999'],
    });
  });

  describe('with texts as views, as polars and DataFusion write them', () => {
    const made = JSON.parse(readFileSync('test/fixtures/arrow/views.json', 'utf8')) as Record<string, string>;
    const [views, dictionary] = [made.table, made.dictionary].map((text) => Buffer.from(text, 'base64'));
    const LONG = 'a text that is longer than a view';

    it('is read as pyarrow has written it, also without columns of views that are not used, and from a dictionary', () => {
      expect(decode(views)).toEqual({ text: ['x', null, LONG, 'x', LONG], a: [1, 2, 3, 4, 5] });
      expect(decode(dictionary)).toEqual({ text: ['x', LONG, null, 'x'], a: [1, 2, 3, 4] });
    });

    /** The body with the third row's view changed. */
    const changed = (change: (view: DataView) => void): Buffer => {
      const body = Buffer.from(views);
      const at = body.indexOf(Buffer.from('a te'), body.indexOf(Buffer.from([1, 0, 0, 0, 0x78])));
      change(new DataView(body.buffer, body.byteOffset + at - 4, 16));
      return body;
    };

    it.each<[string, (view: DataView) => void, string]>([
      ['a place behind the bytes', (view) => view.setInt32(12, 1_000, true), 'are cut short'],
      ['a place before them', (view) => view.setInt32(12, -1, true), 'are cut short'],
      ['another buffer', (view) => view.setInt32(8, 7, true), 'are cut short'],
      ['a length below 0', (view) => view.setInt32(0, -1, true), 'are cut short'],
      ['a length of gigabytes', (view) => view.setInt32(0, 2 ** 31 - 1, true), 'overlap'],
      ['a place within another text', (view) => (view.setInt32(12, 1, true), view.setInt32(0, 35, true)), 'overlap'],
    ])('is refused where a view names %s', (_, change, words) =>
      expect(fault(changed(change))).toBe(
        `The body is not an Arrow IPC stream of columns: the texts of the column "text" ${words}.`,
      ),
    );

    it('with any bit flipped is read or refused at once', () => {
      for (let bit = 0; bit < 8 * views.length; bit += 3) {
        const body = Buffer.from(views);
        body[bit >> 3] ^= 1 << (bit & 7);
        fault(body);
      }
    });
  });

  it.each([
    ['flag', vectorFromArray(['true'], new Utf8()), 'no truth values; send bool'],
    ['text', vectorFromArray([1], new Int32()), 'no texts; send utf8, large_utf8, utf8_view, or a dictionary of them'],
    [
      'code',
      vectorFromArray([true], new Bool()),
      'neither numbers nor texts; send integers, floats, utf8, or a dictionary of them',
    ],
    ['day', vectorFromArray([1], new Int32()), 'no dates; send date32, date64 or utf8'],
    ['moment', vectorFromArray([new Date(0)], new DateDay()), 'no times; send timestamp or utf8'],
    ['a', vectorFromArray(['1'], new Dictionary(new Utf8(), new Int8())), 'no numbers; send integers or floats'],
  ])('is refused where the column %s holds another kind', (name, vector, words) => {
    expect(fault(Buffer.from(tableToIPC(new Table({ [name]: vector }), 'stream')))).toBe(
      `The body is not an Arrow IPC stream of columns: the column "${name}" holds ${words}.`,
    );
  });

  it.each([
    ['a file', Buffer.from(tableToIPC(table, 'file')), 'it is in the Arrow file format; send the stream format'],
    [
      'a text',
      Buffer.from('nonsense and more'),
      'a message runs past its end, which is at byte 17; send the complete stream',
    ],
    [
      'many tiny batches',
      Buffer.concat([
        stream.subarray(0, SCHEMA_BYTES),
        ...Array<Buffer>(10_001).fill(stream.subarray(SCHEMA_BYTES, -8)),
      ]),
      'it has more than 10000 record batches; put more rows into each',
    ],
    [
      'a name twice',
      Buffer.from(stream.toString('latin1').replaceAll('b\0\0\0', 'a\0\0\0'), 'latin1'),
      'it names the column "a" twice',
    ],
  ])('is not %s', (_what, body, expected) => {
    expect(fault(body)).toBe(`The body is not an Arrow IPC stream of columns: ${expected}.`);
  });

  it('that is cut anywhere is refused, or holds the rows that came', () => {
    for (let length = 0; length < stream.length - 8; length++) {
      const found = fault(stream.subarray(0, length));
      if (found === undefined) expect(Object.values(decode(stream.subarray(0, length)))).toEqual([[], []]);
      else
        expect(found).toMatch(
          /^The body is not an Arrow IPC stream of columns: (it has no columns|a message runs past)/,
        );
    }
  });

  it('with any bit flipped is read or refused at once: no length in it is believed', () => {
    for (let bit = 0; bit < 8 * stream.length; bit++) {
      const body = Buffer.from(stream);
      body[bit >> 3] ^= 1 << (bit & 7);
      fault(body);
    }
  });
});
