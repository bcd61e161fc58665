import fc from 'fast-check';
import { JsonReader, MAX_DEPTH } from './json-reader.js';
import { parsePlain } from './parse-plain.js';

/** What the reader makes of a text; `undefined` where it refuses it. */
function read(text: string): unknown {
  const reader = new JsonReader();
  try {
    reader.read(Buffer.from(text), true);
    return reader.finish();
  } catch {
    return undefined;
  }
}

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('parsePlain', () => {
  it('reads what the reader reads, and nothing else', () => {
    const character = fc.constantFrom(...'{}[]:,"\\a1 ');
    const text = fc.oneof(fc.json(), fc.string({ unit: character, maxLength: 20 }));
    fc.assert(
      fc.property(text, (json) => {
        const value = parsePlain(Buffer.from(json));
        if (value !== undefined) expect(value).toStrictEqual(read(json));
      }),
    );
  });

  it.each([
    '{"inputs":[{"name":"a:\\":{","shape":[1],"data":[1.5]}]}',
    '[{"a":{}},{"a":[]},null,true,""]',
    '":"',
    ' 1 ',
  ])('reads %s itself', (json) => expect(parsePlain(Buffer.from(json))).toStrictEqual(JSON.parse(json)));

  it('keeps a __proto__ key a plain key', () => {
    expect(Object.keys(parsePlain(Buffer.from('{"__proto__":1}')) as object)).toEqual(['__proto__']);
  });

  it.each([
    ['a field twice', '{"a":1,"a":2}'],
    ['a field twice deep within', '[{"b":{"a":1,"\\u0061":2}}]'],
    ['no JSON', '{"a":NaN}'],
    ['nothing', ''],
    ['other characters than ASCII', '{"a":"é"}'],
    ['more than 4,096 bytes', `"${'a'.repeat(4_095)}"`],
    ['too many levels', nested(MAX_DEPTH + 1)],
  ])('leaves to the reader: %s', (_, json) => expect(parsePlain(Buffer.from(json))).toBeUndefined());

  it('reads as many levels as the reader', () => {
    expect(parsePlain(Buffer.from(nested(MAX_DEPTH)))).toStrictEqual(read(nested(MAX_DEPTH)));
    expect(read(nested(MAX_DEPTH))).toBeDefined();
  });
});
