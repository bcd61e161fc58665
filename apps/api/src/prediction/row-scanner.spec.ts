import type { RawSchema } from '#schema';
import { createContract } from './input-contract.js';
import { rowKernel } from './row-kernel.js';

const INPUTS: RawSchema = [
  { name: 'a', type: 'float', nullable: true },
  { name: 'b"', type: 'integer', nullable: false },
  { name: 'c', type: 'category', codes: 'text', values: ['x', 'y'], unknown: 'other', nullable: false },
];
const NAMES = ['c', 'a', 'b"'];
const ROW = { c: 'y', a: 0.1234567890123456, 'b"': -3 };
const scannerOf = (names: readonly string[], isArray: boolean) => {
  const { rows } = createContract(INPUTS, 10);
  if (isArray) rows.learnArray(names);
  else rows.learn(names);
  return rows;
};

describe('RowScanner', () => {
  it.each([
    ['an object without blanks', JSON.stringify(ROW), false],
    ['an object with blanks everywhere', JSON.stringify(ROW, null, 2).replaceAll(':', ' \t: \r\n'), false],
    ['an object as Python writes it', JSON.stringify(ROW).replaceAll(',', ', ').replaceAll(':', ': '), false],
    ['an array', JSON.stringify(Object.values(ROW)), true],
    ['an array with blanks', JSON.stringify(Object.values(ROW), null, 1), true],
  ])('reads %s, and nothing that is cut off', (_, text, isArray) => {
    const rows = scannerOf(NAMES, isArray);
    const bytes = Buffer.from(`${text},`);
    expect(rows.scan(bytes, 0)).toBe(text.length);
    expect(rows.values).toEqual([ROW.a, -3, 1]);
    for (let end = 0; end < text.length; end++) expect(rows.scan(bytes.subarray(0, end), 0)).toBe(-1);
  });

  it.each([
    ['another order', '{"a":1,"c":"x","b\\"":2}'],
    ['a field more', '{"c":"x","a":1,"b\\"":2,"d":3}'],
    ['a field less', '{"c":"x","a":1}'],
    ['two commas', '{"c":"x",,"a":1,"b\\"":2}'],
    ['no comma', '{"c":"x" "a":1,"b\\"":2}'],
    ['no colon', '{"c":"x","a" 1,"b\\"":2}'],
    ['a name that begins alike', '{"c":"x","ab":1,"b\\"":2}'],
    ['an array', '["x",1,2]'],
  ])('leaves to the JSON reader what has %s', (_, text) => {
    expect(scannerOf(NAMES, false).scan(Buffer.from(text), 0)).toBe(-1);
  });

  it('reads null as a missing number', () => {
    const rows = scannerOf(NAMES, false);
    const text = '{"c":"x","a":null,"b\\"":2}';
    expect(rows.scan(Buffer.from(text), 0)).toBe(text.length);
    expect(rows.values).toEqual([NaN, 2, 0]);
  });

  it('reads a text of one row, whoever asked before', () => {
    const [one, other] = [scannerOf(NAMES, false), scannerOf(NAMES.slice().reverse(), false)];
    const [text, reversed] = [JSON.stringify(ROW), JSON.stringify(Object.fromEntries(Object.entries(ROW).reverse()))];
    const turns = [one, one, one, other, one, other, other, other, one];
    for (const scanner of turns) {
      const [own, foreign] = scanner === one ? [text, reversed] : [reversed, text];
      for (const around of [own, ` ${own}\n`]) {
        scanner.values.fill(7);
        expect(scanner.scanWhole(Buffer.from(around))).toBe(true);
        expect(scanner.values).toEqual([ROW.a, -3, 1]);
      }
      for (const wrong of [foreign, `${own},`, `${own},${own}`, `${own}x`, own.slice(0, -1), '']) {
        expect([wrong, scanner.scanWhole(Buffer.from(wrong))]).toEqual([wrong, false]);
      }
    }
  });

  it('reads many rows at once, whatever texts they have, unless one has escapes or is long', () => {
    const rows = scannerOf(NAMES, false);
    const texts = ['x', 'new', 'y', 'ü', 'y', 'another', 'x'];
    const bytes = Buffer.from(texts.map((c, a) => JSON.stringify({ c, a, 'b"': 2 })).join());
    const values: number[] = [];
    for (let at = 0; at < bytes.length; at = rowKernel().end + 1) {
      const count = rows.scanMany(bytes, at);
      expect(count).toBeGreaterThan(0);
      values.push(...rowKernel().values.subarray(0, 3 * count));
    }
    expect(values).toEqual(texts.flatMap((c, a) => [a, 2, c === 'x' ? 0 : c === 'y' ? 1 : -1]));
    for (const c of ['"\\u0078"', `"${'x'.repeat(300)}"`, '"x', '1']) {
      expect([c, rows.scanMany(Buffer.from(`{"c":${c},"a":1,"b\\"":2}`), 0)]).toEqual([c, 0]);
    }
  });

  it('reads values that break a rule, for the caller to refuse', () => {
    const rows = scannerOf(NAMES, false);
    for (let turn = 0; turn < 3; turn++) {
      expect(rows.scanWhole(Buffer.from('{"c":"x","a":1,"b\\"":1.5}'))).toBe(true);
      expect(rows.values).toEqual([1, 1.5, 0]);
    }
  });
});
