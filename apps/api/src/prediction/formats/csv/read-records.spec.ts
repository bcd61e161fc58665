import type { Problem } from '../../../problem/problem.js';
import { readRecords } from './read-records.js';

async function read(text: string, most = Infinity): Promise<string[][]> {
  const records: string[][] = [];
  await readRecords(Buffer.from(text), (record) => records.push(record) < most);
  return records;
}

describe('Records of CSV', () => {
  it('are read, however many', async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => `${i},"${i}"`);
    expect(await read(`a,b\n${rows.join('\n')}\n`)).toEqual([['a', 'b'], ...rows.map((_, i) => [`${i}`, `${i}`])]);
  });

  it('are read until there are enough', async () => {
    expect(await read('a,b\n1,2\n3,4', 2)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it.each([
    ['a line', `a,b\n${','.repeat(2_000_000)}`, 'a line is longer than 1048576 bytes'],
    [
      'a cell',
      `a,b\n1,"${'x\n'.repeat(1_000_000)}`,
      expect.stringMatching(/^Max Record Size: .* 1048576 at line \d+$/),
    ],
  ])('are refused where %s is very long', async (_what, text, what: string) => {
    const error: unknown = await read(text).catch((reason: unknown) => reason);
    expect((error as Problem).detail.replace(/^The body is no CSV with a header: (.*)\.$/, '$1')).toEqual(what);
  });
});
