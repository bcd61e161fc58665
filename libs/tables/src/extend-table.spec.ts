import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { literal, parquetTable, readRows, withDuckDb } from './duckdb.js';
import { extendTable } from './extend-table.js';

type Row = Readonly<Record<string, string | number | boolean | null>>;

// eslint-disable-next-line @typescript-eslint/require-await -- as rows of the log come
async function* given(...rows: Row[]): AsyncGenerator<Row> {
  yield* rows;
}

describe('extendTable', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'table');
  const out = join(folder, 'made', 'longer');

  it.each<[string, string, string]>([
    ['ends in a line feed', 'a,b\n1,x\n', 'a,b\n1,x\n0.5,"y, ""z"""\n-0,\n'],
    ['ends without one', 'a,b\n1,x', 'a,b\n1,x\n0.5,"y, ""z"""\n-0,\n'],
    ['has lines that end in CRLF', 'a,b\r\n1,x\r\n', 'a,b\r\n1,x\r\n0.5,"y, ""z"""\r\n-0,\r\n'],
    ['has decimal commas', 'a;b\n1,5;x\n', 'a;b\n1,5;x\n0,5;"y, ""z"""\n-0;\n'],
    ['has a column that rows do not', 'c\ta\tb\nq\t1\tx\n', 'c\ta\tb\nq\t1\tx\n\t0.5\t"y, ""z"""\n\t-0\t\n'],
  ])('adds lines to a CSV file that %s', async (_, text, expected) => {
    writeFileSync(path, text);
    expect(await extendTable(path, given({ b: 'y, "z"', a: 0.5, more: 1 }, { a: -0, b: null }), out)).toBe(2);
    expect(readFileSync(out, 'utf8')).toBe(expected);
  });

  it.each(['utf-16le', 'utf-16be'] as const)('adds lines in %s', async (encoding) => {
    const bytes = (text: string): Buffer => {
      const little = Buffer.from(`\ufeff${text}`, 'utf16le');
      return encoding === 'utf-16be' ? little.swap16() : little;
    };
    writeFileSync(path, bytes('a,b\n1,ä'));
    expect(await extendTable(path, given({ a: 2, b: 'ö' }), out)).toBe(1);
    expect(readFileSync(out)).toEqual(bytes('a,b\n1,ä\n2,ö\n'));
  });

  it('adds rows to a Parquet file in the types of its columns, and leaves out those that have no place there', async () => {
    const select = `SELECT 1 AS whole, 2.5 AS number, true AS truth, DATE '2026-01-02' AS day, 'x' AS "a text", 0::TINYINT AS flag`;
    await withDuckDb({}, (connection) => connection.run(`COPY (${select}) TO ${literal(path)} (FORMAT parquet)`));
    const fitting = { whole: 3, number: 0.5, truth: false, day: '2026-03-04', 'a text': 'y', flag: true };
    const rows = [
      fitting,
      { ...fitting, whole: 3.5 },
      { ...fitting, day: 'soon' },
      { ...fitting, whole: 2 ** 40 },
      { 'a text': 'z' },
    ];
    expect(await extendTable(path, given(...rows), out)).toBe(2);
    const read = await withDuckDb({}, (connection) =>
      readRows(connection, `SELECT * REPLACE (day::VARCHAR AS day) FROM ${parquetTable(out)}`),
    );
    const nothing = { whole: null, number: null, truth: null, day: null, flag: null };
    expect(read).toEqual([
      { whole: 1, number: 2.5, truth: true, day: '2026-01-02', 'a text': 'x', flag: 0 },
      { ...fitting, flag: 1 },
      { ...nothing, 'a text': 'z' },
    ]);
    const bytes = readFileSync(out);
    await extendTable(path, given(...rows), out);
    expect(readFileSync(out).equals(bytes)).toBe(true);
  });
});
