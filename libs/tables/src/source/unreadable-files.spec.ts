import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { InputError } from '#kit';
import { STRICT } from '../../../validation/src/testing/rules.js';
import { failedNames, TINY_HEADER, TINY_ROWS, TINY_SCHEMA } from '../../../validation/src/testing/tiny-data.js';
import { validateData } from '#validation';

const folder = temporaryFolder();
const options = (data: string) => ({
  data,
  schema: TINY_SCHEMA,
  target: 'target',
  rules: STRICT,
  memoryMegabytes: 128,
});
const path = (name: string) => join(folder, name);
const validate = async (name: string, contents: string | Uint8Array, memoryMegabytes = 128) => {
  await writeFile(path(name), contents);
  return validateData({ ...options(path(name)), memoryMegabytes });
};
const garbage = Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 256);

describe('a file that cannot be validated', () => {
  it.each([
    ['an empty file', 'empty.csv', '', 'is empty.'],
    ['a header only', 'header.csv', TINY_HEADER, 'has a header but no rows.'],
    ['an empty first line', 'blank.csv', '\nx,n,target\n', 'has an empty first line; a header is expected there.'],
    [
      'a truncated quote',
      'quote.csv',
      `${TINY_HEADER}1,2,a\n3,"4,b\n5,6,a\n`,
      'cannot be read beyond line 3: a quote is opened and never closed.',
    ],
    [
      'a truncated quote in the header',
      'header-quote.csv',
      'x,"n,target\n1,2,a\n',
      'the header is not valid CSV: "x,\\"n,target".',
    ],
    [
      'another header',
      'other.csv',
      'a,b\n1,2\n',
      'has none of the columns "x", "n", "target"; its header is "a", "b". Is it the right file, and does it have a header?',
    ],
    [
      'two delimiters in one header',
      'delimiters.csv',
      'x, y;n\n0,5;1\n',
      'cannot be read: its first lines can be read with "," and with ";" as the delimiter; quote the names in the header, or put a line with the delimiter before it, such as sep=,.',
    ],
    [
      'numbers written in two ways',
      'decimals.csv',
      'x;n;target\n0,5;1;a\n0.5;2;b\n',
      'cannot be read: its numbers are written with a comma (0,5) and with a point (0.5); write all of them the same way.',
    ],
    ['a column twice', 'twice.csv', 'x,x,n,target\n1,1,2,a\n', 'has the column "x" twice.'],
    [
      'bytes that are no text',
      'garbage.csv',
      garbage,
      'cannot be read: its first line holds bytes that are not UTF-8 or UTF-16 text; save the file as UTF-8.',
    ],
    ['garbage called Parquet', 'garbage.parquet', garbage, 'is not a Parquet file, despite its name.'],
    [
      'a line without end',
      'long.csv',
      'x'.repeat(1_100_000),
      'is not a CSV file with a header: its first line is longer than 1 MiB.',
    ],
  ])('is refused in a sentence: %s', async (_, name, contents, sentence) => {
    const error: unknown = await validate(name, contents).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message.replace(/^[^ ]*\/[^ :]*:? /, '')).toBe(sentence);
  });

  it('is refused: no file, a folder, damaged Parquet', async () => {
    await mkdir(path('folder.csv'), { recursive: true });
    await expect(validateData(options(path('nowhere.csv')))).rejects.toThrow('cannot be read: it does not exist.');
    await expect(validateData(options(path('folder.csv')))).rejects.toThrow('is a folder or device;');
    await expect(validate('damaged.parquet', 'PAR1 and then nothing')).rejects.toThrow('is a damaged Parquet file: ');
  });

  it('is refused: a target that is an input as well', async () => {
    await writeFile(path('fine.csv'), TINY_HEADER + TINY_ROWS);
    const reported = validateData({ ...options(path('fine.csv')), target: 'n' });
    await expect(reported).rejects.toThrow(
      'The recipe names the target "n" as an input; a model must not see the target.',
    );
  });

  it('leaves no temporary files', async () => {
    const count = async () => (await readdir(tmpdir())).filter((name) => /^skewless-(duckdb|csv)-/.test(name)).length;
    const before = await count();
    await validate('quote.csv', `${TINY_HEADER}3,"4,b\n`).catch(() => undefined);
    expect(await count()).toBeLessThanOrEqual(before);
  });
});

describe('a file that can', () => {
  it.each([
    ['Windows line ends', (TINY_HEADER + TINY_ROWS).replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${TINY_HEADER}${TINY_ROWS}`],
    ['quotes', '"x","n","target"\n"0","1","a"\n"2.5","2","b"\n"5","3","a"\n"10","","b"\n'],
    ['no last line end', (TINY_HEADER + TINY_ROWS).trimEnd()],
    ['line ends of two kinds', `${TINY_HEADER}0,1,a\r\n2.5,2,b\n5,3,a\r\n10,,b\n`],
    ['a last line end of another kind', `${(TINY_HEADER + TINY_ROWS).replaceAll('\n', '\r\n').trimEnd()}\n`],
    ['carriage returns alone', (TINY_HEADER + TINY_ROWS).replaceAll('\n', '\r')],
    ["pandas' index", ',x,n,target\n0,0,1,a\n1,2.5,2,b\n2,5,3,a\n3,10,,b\n'],
    ['blanks around its names', 'x, n, target\n0,1,a\n2.5,2,b\n5,3,a\n10,,b\n'],
    ['missing values in words', `${TINY_HEADER}0,1,a\n2.5,2,b\n5,NA,a\n10, ,b\n`],
    ['semicolons and decimal commas', 'x;n;target\n0;1;a\n2,5;2;b\n5,0;3;a\n10;;b\n'],
    ['a line that names the separator', 'sep=;\r\nx;n;target\r\n0;1;a\r\n2,5;2;b\r\n5;3;a\r\n10;;b\r\n'],
    ['tabs', (TINY_HEADER + TINY_ROWS).replaceAll(',', '\t')],
    [
      'UTF-16, as "Unicode text"',
      Buffer.from(`\uFEFFx\tn\ttarget\r\n0\t1\tä\r\n2,5\t2\tb\r\n5\t3\tä\r\n10\t\tb\r\n`, 'utf16le'),
    ],
    ['UTF-16 with the other byte first', Buffer.from(`\uFEFF${TINY_HEADER}${TINY_ROWS}`, 'utf16le').swap16()],
  ])('has %s', async (_, contents) => {
    const report = await validate('fine[1]*.csv', contents);
    expect(failedNames(report)).toEqual([]);
    expect(report.statistics.columns.x).toMatchObject({ count: 4, mean: 4.375 });
    expect(Object.values(report.statistics.target.classes)).toEqual([2, 2]);
  });

  it.each(['\n', '\r\n'])('has a line break in its header, where lines end in %j', async (end) => {
    const lines = ['"x\n",n,target,"two\nlines"', '0,1,a,u', '2.5,2', '5,3,b,w', ''];
    const report = await validate('break.csv', lines.join(end));
    expect(report.data).toMatchObject({ rows: 2, columns: 4 });
    expect(report.checks.find(({ check }) => check === 'malformedRows')!.samples).toMatchObject([{ row: 2 }]);
  });

  it('has a line that is no row below one that names the separator', async () => {
    const report = await validate('sep.csv', 'sep=,\nx,n,target\n0,1,a\n2.5,2\n');
    expect(report.checks.find(({ check }) => check === 'malformedRows')!.samples).toMatchObject([{ row: 2 }]);
  });

  it('has lines of two kinds and more bytes than one piece', async () => {
    const row = `1,2,${'ä'.repeat(100)}`;
    const rows = Array.from({ length: 2_000 }, (_, i) => `${row}${i % 3 === 0 ? '\r\n' : '\n'}`);
    const report = await validate('pieces.csv', TINY_HEADER + rows.join(''));
    expect([report.data.rows, report.statistics.target.classes]).toEqual([2_000, { ['ä'.repeat(100)]: 2_000 }]);
  });

  it('has 10,000 more columns: their number is told, not all their names', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
    const row = `${names.map(() => '1').join(',')}\n`;
    const report = await validate('wide.csv', `x,n,target,${names.join(',')}\n1,2,a,${row}2,3,b,${row}`, 800);
    const [failure, ...others] = report.checks.filter(({ passed }) => !passed);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({ check: 'unexpectedColumns', count: 10_000 });
    expect(failure.message).toMatch(/^not in the recipe: c0, c1, .*c19 and 9,980 more$/);
  });

  it('has bytes that are no UTF-8 in one row', async () => {
    const bytes = Buffer.concat([Buffer.from(TINY_HEADER + TINY_ROWS), Buffer.from('1,2,\xe9\n', 'latin1')]);
    expect(failedNames(await validate('latin.csv', bytes))).toEqual(['malformedRows']);
  });
});
