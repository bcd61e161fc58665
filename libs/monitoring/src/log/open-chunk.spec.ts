import fc from 'fast-check';
import { type RowsToLog, CHUNK_ROWS, OpenChunk, buffersOf } from './open-chunk.js';
import { BufferPool } from './buffer-pool.js';

/** Rows that tell by each of their numbers which they are. */
function rowsFrom(first: number, rows: number, { width, isNumber, byRow }: Shape): RowsToLog {
  const list = <T>(of: (n: number) => T): T[] => Array.from({ length: rows }, (_, i) => of(first + i));
  const columns = Array.from({ length: width }, (_, c) => Float64Array.from(list((n) => n + c / 8)));
  return {
    start: 0,
    rows,
    ids: Uint8Array.from(list((n) => Array.from({ length: 16 }, (_, i) => (n >> (i % 3)) & 255)).flat()),
    labels: ['a', 'b', 'c'],
    classIndices: list((n) => n % 3),
    probabilities: list((n) => n / 2 ** 20),
    ...(isNumber && { values: list((n) => n / 3) }),
    calls: 1,
    asked: byRow ? { rows: list((n) => columns.map((_, c) => n + c / 8)) } : { columns },
  };
}

interface Shape {
  readonly width: number;
  readonly isNumber: boolean;
  readonly byRow: boolean;
}

const shape = fc.record({ width: fc.integer({ min: 0, max: 3 }), isNumber: fc.boolean(), byRow: fc.boolean() });

it('has every row as it was answered, whatever was in its buffers before', () => {
  fc.assert(
    fc.property(shape, fc.array(fc.oneof(fc.nat(5), fc.nat(3_000)), { maxLength: 8 }), (of, sizes) => {
      const pool = new BufferPool();
      let [sent, answered] = [0, 0];
      let chunk: OpenChunk | undefined;
      const send = (): void => {
        const ended = chunk!.end();
        const { ids, classes, scores, values, columns } = ended;
        const expected = rowsFrom(sent, ended.rows, { ...of, byRow: false });
        expect(ids.subarray(0, 16 * ended.rows)).toEqual(expected.ids);
        expect([...classes.subarray(0, ended.rows)]).toEqual(expected.classIndices);
        expect([...scores.subarray(0, ended.rows)]).toEqual(expected.probabilities);
        expect(values && [...values.subarray(0, ended.rows)]).toEqual(expected.values);
        expect(columns.map((column) => column.subarray(0, ended.rows))).toEqual(
          (expected.asked as { columns: unknown }).columns,
        );
        sent += ended.rows;
        for (const buffer of buffersOf(ended)) {
          new Uint8Array(buffer).fill(0xee);
          pool.give(buffer);
        }
        chunk = undefined;
      };
      for (const size of sizes) {
        const rows = rowsFrom(answered, size, of);
        for (let from = 0; from < size;) {
          chunk ??= new OpenChunk('m', '1', rows, pool);
          from = chunk.add(rows, from, size);
          if (chunk.isFull) send();
        }
        answered += size;
      }
      if (chunk) send();
      expect(sent).toBe(answered);
    }),
    { numRuns: 15 },
  );
});

it('takes a buffer again that was given back, and no more than it may keep', () => {
  const pool = new BufferPool();
  const buffer = pool.take(64);
  expect(pool.take(64)).not.toBe(buffer);
  pool.give(buffer);
  expect(pool.take(32)).not.toBe(buffer);
  expect(pool.take(64)).toBe(buffer);
  const many = Array.from({ length: 100 }, () => new ArrayBuffer(CHUNK_ROWS * 22));
  for (const each of many) pool.give(each);
  const again = many.map(({ byteLength }) => pool.take(byteLength)).filter((each) => many.includes(each));
  expect(again).toHaveLength(Math.floor((4 * 1_048_576) / (CHUNK_ROWS * 22)));
});
