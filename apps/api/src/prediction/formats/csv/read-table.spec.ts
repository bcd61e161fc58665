import type { CellValue } from '#schema';
import type { Problem } from '../../../problem/problem.js';
import { readTable } from './read-table.js';

type Row = readonly CellValue[];

async function read(text: string | Buffer, most = Infinity, missing?: string[]): Promise<Row[]> {
  const rows: Row[] = [];
  const contract = { inputs: [], readers: [], missing };
  await readTable(Buffer.from(text as string), contract, (names, row) => rows.push(row ? [...row] : names) < most);
  return rows;
}

async function refusal(text: string | Buffer): Promise<string> {
  const error: unknown = await read(text).catch((reason: unknown) => reason);
  return (error as Problem).detail.replace(/^The body is not CSV with a header: (.*)\.$/s, '$1');
}

const TABLE = [
  ['a', 'b'],
  [0.5, 1],
  [-1, null],
];

describe('A table of CSV', () => {
  it('is read, however long', async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => `${i},"${i}x"`);
    expect(await read(`a,b\n${rows.join('\n')}\n`)).toEqual([['a', 'b'], ...rows.map((_, i) => [i, `${i}x`])]);
  });

  it('is read until there is enough', async () => {
    expect(await read('a,b\n1,2\n3,4', 2)).toEqual([
      ['a', 'b'],
      [1, 2],
    ]);
  });

  it.each([
    ['lines ended by LF', 'a,b\n0.5,1\n-1,\n'],
    ['lines ended by CRLF', 'a,b\r\n0.5,1\r\n-1,\r\n'],
    ['lines ended by CR', 'a,b\r0.5,1\r-1,\r'],
    ['lines ended in several ways', 'a,b\r\n0.5,1\n-1,NA\r\n'],
    ['quotes before each end of a line', '"a","b"\r\n"0.5","1"\n"-1",""\r'],
    ['a byte order mark', '\ufeffa,b\n0.5,1\n-1,nan\n'],
    ['blanks', ' a , b \n 0.5 , 1\n-1, '],
    ['empty lines', '\na,b\n\n0.5,1\r\n\r\n-1,None\n\n'],
    ['the index of pandas', ',a,b\n0,0.5,1\n1,-1,\n'],
    ['semicolons and decimal commas', 'a;b\r\n0,5;1\r\n-1;\r\n'],
    ['a line that names its separator', 'sep=;\r\na;b\r\n0,5;1\r\n-1;\r\n'],
    ['tabs', 'a\tb\n0.5\t1\n-1\t\n'],
    ['UTF-16', Buffer.from('\ufeffa\tb\r\n0.5\t1\r\n-1\t\r\n', 'utf16le')],
    ['UTF-16 the other way round', Buffer.from('\ufeffa;b\r\n0,5;1\r\n-1;\r\n', 'utf16le').swap16()],
  ])('is read with %s', async (_what, text) => expect(await read(text)).toEqual(TABLE));

  it('has names with line breaks, and of any language', async () => {
    expect(await read('"a\n1","b\r\n2"\n1,2\n')).toEqual([
      ['a\n1', 'b\r\n2'],
      [1, 2],
    ]);
    const long = 'é€😀'.repeat(30_000);
    expect(await read(`é,b\n${long},1\n`)).toEqual([
      ['é', 'b'],
      [long, 1],
    ]);
  });

  it('has the missing values that its model names', async () => {
    expect(await read('a,b\n?,NA\n', Infinity, ['?'])).toEqual([
      ['a', 'b'],
      [null, 'NA'],
    ]);
  });

  it.each([
    ['a very long line', `a,b\n${','.repeat(2_000_000)}`, 'a line is longer than 1048576 bytes'],
    [
      'a very long cell',
      `a,b\n1,"${'x\n'.repeat(1_000_000)}`,
      expect.stringMatching(/^Max Record Size: .* 1048576 at line \d+$/),
    ],
    ['very many columns', `a${','.repeat(10_000)}\n`, 'it has more than 10000 columns'],
    ['Latin-1', Buffer.from('a,b\n1,\xe9\n', 'latin1'), 'it is not UTF-8; save it as UTF-8'],
    ['a line of another length', 'a,b\n1,2\n3\n', 'line 3 has 1 cell, but the header has 2'],
    [
      'two ways of numbers',
      'a;b\n1,5;2.5\n',
      'its numbers are written with a comma (1,5) and with a point (2.5); write all of them the same way',
    ],
    [
      'UTF-16 that ends early',
      Buffer.from('\ufeffa\tb\n1\t2\n', 'utf16le').subarray(0, -1),
      'it starts as utf-16le, but not all of it is; save it as UTF-8',
    ],
  ])('is refused with %s', async (_what, text, what: string) => expect(await refusal(text)).toEqual(what));
});
