import fc from 'fast-check';
import { textPlaces } from './text-places.js';

const SEED = Date.now() % 2 ** 31;

describe('textPlaces', () => {
  it(`finds what a Map finds, of any texts (seed ${SEED})`, () => {
    const text = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('__proto__', 'a'),
    );
    const texts = fc.oneof(fc.uniqueArray(text), fc.uniqueArray(fc.stringMatching(/^[ab]{7}$/), { minLength: 60 }));
    fc.assert(
      fc.property(texts, fc.array(text), (known, others) => {
        const map = new Map(known.map((one, place) => [one, place]));
        const placeOf = textPlaces(known);
        for (const one of [...known, ...others]) expect(placeOf(one)).toBe(map.get(one));
      }),
      { seed: SEED },
    );
  });

  it.each([
    ['few that differ in one character', (i: number) => `${'same '.repeat(9)}${i}`, 10],
    ['those that differ only at the end', (i: number) => `${'x'.repeat(99)}${i}`, 100],
    ['more than MOST_TEXTS', (i: number) => `customer ${i}`, 2_000],
    ['one', () => 'alone', 1],
    ['none', () => '', 0],
  ])('finds each of %s, and no other', (_what, textAt, count) => {
    const texts = Array.from({ length: count }, (_, i) => textAt(i));
    const placeOf = textPlaces(texts);
    expect(texts.map(placeOf)).toEqual(texts.map((_, i) => i));
    const others = texts.flatMap((text) => [`${text} `, text.slice(1), text.replace(/.$/, '!')]);
    expect([...others, '', 'other'].map(placeOf)).toEqual(Array(others.length + 2).fill(undefined));
  });
});
