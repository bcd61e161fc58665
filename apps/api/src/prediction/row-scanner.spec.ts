import type { RawSchema } from '#schema';
import { createContract } from './input-contract.js';

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
});
