import { gzipSync } from 'node:zlib';
import { sniffCsv } from './csv-dialect.js';
import { CsvDialectError } from './csv-dialect.error.js';

const USUAL = { encoding: 'utf-8', delimiter: ',', decimal: '.', skipLines: 0 };
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('sniffCsv', () => {
  it.each<[string, string | Buffer, object]>([
    ['commas', 'a,b\n1.5,2\n', {}],
    ['a header alone', 'a,b', {}],
    ['one column', 'a\n1\n', {}],
    ['nothing', '', {}],
    ['a byte order mark', '\uFEFFa,b\n1,2\n', {}],
    ['thousands in quotes between commas', 'a,b\n"1,234",2\n', {}],
    ['semicolons in a name', 'a;b,c\n1,2\n', {}],
    ['semicolons in a quoted name', '"a;b",c\n1,2\n', {}],
    ['semicolons', 'a;b\n1;2\n', { delimiter: ';' }],
    ['semicolons and decimal commas', 'a;b\n1;2\n-0,5;1,5e-3\n', { delimiter: ';', decimal: ',' }],
    ['decimal commas in quotes', 'a;b\n"1,5";2\n', { delimiter: ';', decimal: ',' }],
    ['semicolons and points', 'a;b\n1.5;x, y\n', { delimiter: ';' }],
    ['commas in a name', '"price, net";b\r\n1,5;2\r\n', { delimiter: ';', decimal: ',' }],
    ['tabs', 'a\tb\r1.5\t2\r', { delimiter: '\t' }],
    ['bars', 'a|b\n1|2\n', { delimiter: '|' }],
    ['a line that names its separator', 'sep=;\r\na,b;c\r\n1,5;2\r\n', { delimiter: ';', decimal: ',', skipLines: 1 }],
    ['a separator of its own', '\uFEFFSEP=~\na~b\n1~2\n', { delimiter: '~', skipLines: 1 }],
    ['a line break in the header', '"a\n;x",b\n1,2\n', {}],
    [
      'UTF-16 with its mark',
      utf16('\uFEFFa\tb\r\n1,5\té\r\n'),
      { encoding: 'utf-16le', delimiter: '\t', decimal: ',' },
    ],
    ['UTF-16 without', utf16('a,b\n1,2\n'), { encoding: 'utf-16le' }],
    ['UTF-16 the other way round', utf16('\uFEFFa,b\n1,2\n').swap16(), { encoding: 'utf-16be' }],
    ['UTF-16 the other way round without a mark', utf16('a,b\n1,2\n').swap16(), { encoding: 'utf-16be' }],
    ['bytes that are no text below the header', Buffer.from('a,b\n\xe9,2\n', 'latin1'), {}],
    ['a character cut in two', Buffer.from('a,é').subarray(0, 3), {}],
  ])('reads %s', (_, text, expected) =>
    expect(sniffCsv(Buffer.from(text as string))).toEqual({ ...USUAL, ...expected }),
  );

  it.each([
    [
      'lines that two delimiters part alike',
      'price, net;b\n1,5;2\n',
      'its first lines can be read with "," and with ";" as the delimiter; quote the names in the header, or put a line with the delimiter before it, such as sep=,',
    ],
    [
      'numbers written in two ways',
      'a;b\n1,5;2.5\n',
      'its numbers are written with a comma (1,5) and with a point (2.5); write all of them the same way',
    ],
    [
      'no text',
      Buffer.from([0xff, 0xe0, 1, 2]),
      'its first line holds bytes that are not UTF-8 or UTF-16 text; save the file as UTF-8',
    ],
    ['gzip', gzipSync('a,b\n1,2\n'), 'it is compressed by gzip; unpack it first'],
    ['zstd', Buffer.from('28b52ffd0408', 'hex'), 'it is compressed by zstd; unpack it first'],
    [
      'a workbook of Excel',
      Buffer.from('504b0304140006000800', 'hex'),
      'it is a ZIP file, as workbooks of Excel are; save the table as CSV',
    ],
    ['bzip2', Buffer.from('425a6839ff', 'hex'), 'it is compressed by bzip2; unpack it first'],
    [
      'an old Excel',
      Buffer.from('d0cf11e0a1b1', 'hex'),
      'it is a workbook of an old Excel version; save the table as CSV',
    ],
    ['Feather', Buffer.from('ARROW1\0\0'), 'it is an Arrow file (Feather); write the table as CSV or Parquet'],
    ['SQLite', Buffer.from('SQLite format 3\0'), 'it is an SQLite database; export a table as CSV'],
    [
      'a pickle',
      Buffer.from('80049500', 'hex'),
      'it is a Python pickle, which is never opened; write the table as CSV or Parquet',
    ],
    [
      'JSON',
      '[\n{"a": 1}]',
      'it is JSON, not CSV; convert it, for example with pandas.read_json(path).to_csv(path, index=False)',
    ],
    [
      'JSON line by line',
      '{"a": 1}\n{"a": 2}\n',
      'it is JSON lines, not CSV; convert it, for example with pandas.read_json(path, lines=True).to_csv(path, index=False)',
    ],
    ['HTML', '<!DOCTYPE html><table>', 'it is an HTML or XML document; save its table as CSV'],
    [
      'Latin-1 in the header',
      Buffer.from('a,\xe9t\xe9\n1,2\n', 'latin1'),
      'its first line holds bytes that are not UTF-8 or UTF-16 text; save the file as UTF-8',
    ],
  ])('says what it cannot tell: %s', (_, text, message) => {
    expect(() => sniffCsv(Buffer.from(text as string))).toThrow(new CsvDialectError(message));
  });

  it('looks at the first 64 KiB of lines, whole ones', () => {
    const lines = 'a;b\n' + '1;2\n'.repeat(30_000);
    expect(sniffCsv(Buffer.from(`${lines}1,5;2`))).toMatchObject({ decimal: '.' });
    expect(sniffCsv(Buffer.from(`a;"b\n1,5;${'x'.repeat(100_000)}`))).toMatchObject({ delimiter: ';', decimal: '.' });
  });
});
