import { Float64, Schema, Table, tableFromArrays, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { Problem } from '../../../problem/problem.js';
import { decodeColumns } from './arrow-codec.js';

const MAX_ROWS = 100;
const TAKEN = { uses: (name: string) => name === 'a' || name === 'b', knows: (name: string) => name !== 'i' };
const table = tableFromArrays({ a: Float64Array.of(1, 2), b: Int32Array.of(3, 4) });
const stream = Buffer.from(tableToIPC(table, 'stream'));
/** Two times four bytes before the message tell how long it is. */
const SCHEMA_BYTES = 8 + stream.readInt32LE(4);

function decode(body: Buffer): object {
  return Object.fromEntries(
    [...decodeColumns(body, MAX_ROWS, TAKEN)].map(([name, column]) => [name, Array.from(column)]),
  );
}

/** What is wrong with a body in its reader's words, or nothing. */
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

  it.each([
    ['a file', Buffer.from(tableToIPC(table, 'file')), 'it is a file; write a stream'],
    [
      'a text',
      Buffer.from('nonsense and more'),
      'a message runs past its end, which is at byte 17; send all that was written',
    ],
    [
      'many tiny batches',
      Buffer.concat([
        stream.subarray(0, SCHEMA_BYTES),
        ...Array<Buffer>(10_001).fill(stream.subarray(SCHEMA_BYTES, -8)),
      ]),
      'it has more than 10000 batches of records; put more rows into each',
    ],
    [
      'a name twice',
      Buffer.from(stream.toString('latin1').replaceAll('b\0\0\0', 'a\0\0\0'), 'latin1'),
      'it names the column "a" twice',
    ],
  ])('is not %s', (_what, body, expected) => {
    expect(fault(body)).toBe(`The body is no Arrow IPC stream of numbers: ${expected}.`);
  });

  it('that is cut anywhere is refused, or holds the rows that came', () => {
    for (let length = 0; length < stream.length - 8; length++) {
      const found = fault(stream.subarray(0, length));
      if (found === undefined) expect(Object.values(decode(stream.subarray(0, length)))).toEqual([[], []]);
      else
        expect(found).toMatch(/^The body is no Arrow IPC stream of numbers: (it has no columns|a message runs past)/);
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
