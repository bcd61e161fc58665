import fc from 'fast-check';
import type { CategoryColumn, TextColumn } from '../raw-schema.js';
import { byCodePoint } from './code-points.js';
import { kindOf } from './index.js';
import { UNKNOWN_CODE, withVocabulary } from './vocabulary.js';

const NAMES = ['__proto__', 'constructor', '', 'NA'];
const TEXTS: CategoryColumn = { name: 'x', type: 'category', codes: 'text', nullable: true, values: NAMES };
const NUMBERS: CategoryColumn = { ...TEXTS, codes: 'number', values: [-1, 0, 5, 2.5] };
const readerOf = (column: CategoryColumn | TextColumn, marksUnknown = false) =>
  kindOf(column).reader(column, { marksUnknown });

describe('A vocabulary', () => {
  it('knows its texts, whatever they are, and no other value of JSON', () => {
    const { fromJson } = readerOf(TEXTS);
    expect(NAMES.map(fromJson)).toEqual([0, 1, 2, 3]);
    expect(['toString', 'na', ' ', 0, 1, true, {}, ['NA']].map(fromJson)).toEqual(Array(8).fill(undefined));
  });

  it('reads all spellings of a number as one value', () => {
    const { fromJson, fromText } = readerOf(NUMBERS);
    expect([5, 5.0, '5', '5.0', '5e0', '+5', '0', -0, '-0'].map(fromJson)).toEqual([2, 2, 2, 2, 2, 2, 1, 1, 1]);
    expect([6, '6', ' 5', '0x5', '', 'a', NaN, '1e999', true].map(fromJson)).toEqual(Array(9).fill(undefined));
    expect([' 5.00 ', '2.5', 'NA', 'a'].map((text) => fromText(text))).toEqual([2, 3, NaN, undefined]);
    expect(['5,0', '2,5', '1,2,3'].map((text) => fromText(text, ','))).toEqual([2, 3, undefined]);
  });

  it.each([
    ['error', undefined],
    ['missing', NaN],
    ['other', UNKNOWN_CODE],
  ] as const)('applies its policy to an unknown value: %s', (unknown, expected) => {
    const texts = readerOf({ ...TEXTS, unknown });
    const numbers = readerOf({ ...NUMBERS, unknown });
    expect([texts.fromJson('new'), texts.fromText('new'), numbers.fromJson(7), numbers.fromText('7,5', ',')]).toEqual(
      Array(4).fill(expected),
    );
    expect([texts.fromJson(7), numbers.fromJson('seven')]).toEqual([undefined, undefined]);
    const marked = readerOf({ ...TEXTS, unknown }, true);
    expect([marked.fromJson('new'), marked.fromJson(null)]).toEqual([unknown === 'error' ? undefined : -1, NaN]);
  });

  it('by default rejects unknown categories, and accepts unknown texts', () => {
    const text: TextColumn = { name: 'x', type: 'text', nullable: false, values: ['a'] };
    expect([readerOf(TEXTS).fromJson('b'), readerOf(text).fromJson('b')]).toEqual([undefined, -1]);
  });

  it('has missing tokens: those of pandas in CSV unless they are values, its own in every format', () => {
    const plain = readerOf(TEXTS);
    expect(['NA', '', 'NULL', ' '].map((text) => plain.fromText(text))).toEqual([3, 2, NaN, NaN]);
    expect(['NULL', ' '].map(plain.fromJson)).toEqual([undefined, undefined]);
    const own = readerOf({ ...TEXTS, values: ['NULL'], missing: ['?', ''] });
    expect(['?', ' ? ', '', ' ', 'NULL'].map(own.fromJson)).toEqual([NaN, NaN, NaN, NaN, 0]);
    expect(['?', ' ', 'NULL', 'NA'].map((text) => own.fromText(text))).toEqual([NaN, NaN, 0, undefined]);
    expect(readerOf({ ...TEXTS, missing: ['?'], nullable: false }).fromJson('?')).toBeUndefined();
  });

  it('is learnt in the order of Python, without missing tokens', () => {
    const column: CategoryColumn = { name: 'x', type: 'category', codes: 'text', nullable: true };
    const texts = ['b', 'NA', '\u{1F600}', '\uFF5E', '__proto__', 'a', '', 'b', 'B'];
    expect(withVocabulary(column, texts).values).toEqual(['B', '__proto__', 'a', 'b', '\uFF5E', '\u{1F600}']);
    expect(withVocabulary({ ...column, missing: ['b'] }, ['', 'b', 'a']).values).toEqual(['', 'a']);
    expect(withVocabulary(column, ['B', 'b'], { normalize: (text) => text.toLowerCase() }).values).toEqual(['b']);
    const numbers = { ...column, codes: 'number' as const };
    expect(withVocabulary(numbers, ['10', '9', '9.0', '-0', '0', 'x', ' 1e1']).values).toEqual([0, 9, 10]);
    expect(withVocabulary(numbers, ['1,5', '1'], { decimal: ',' }).values).toEqual([1, 1.5]);
    expect(withVocabulary({ ...column, values: ['z'] }, ['a']).values).toEqual(['z']);
  });

  it('normalizes a text before it looks it up', () => {
    const reader = kindOf(TEXTS).reader(
      { ...TEXTS, values: ['a'] },
      { normalize: (text) => text.trim().toLowerCase() },
    );
    expect([reader.fromJson(' A'), reader.fromText('A '), reader.fromJson('b')]).toEqual([0, 0, undefined]);
  });

  it('orders texts by code point', () => {
    const text = fc.string({ unit: 'binary', maxLength: 4 });
    const points = (one: string): number[] => Array.from(one, (character) => character.codePointAt(0)!);
    fc.assert(
      fc.property(text, text, (left, right) => {
        const [a, b] = [points(left), points(right)];
        const at = a.findIndex((point, i) => point !== b[i]);
        const expected = at < 0 ? a.length - b.length : at < b.length ? a[at] - b[at] : 1;
        expect(Math.sign(byCodePoint(left, right))).toBe(Math.sign(expected));
      }),
      { numRuns: 2_000 },
    );
  });
});
