import fc from 'fast-check';
import { Problem } from '../../problem/problem.js';
import { parseJson, readJson } from './read-json.js';

function refusal(text: string | Buffer): { type: string; detail: string } {
  try {
    parseJson(Buffer.from(text as string));
  } catch (error) {
    if (error instanceof Problem) return { type: error.type, detail: error.detail };
    throw error;
  }
  throw new Error('The text was accepted');
}

function parserWords(text: string): string {
  try {
    JSON.parse(text);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('parseJson', () => {
  it('reads any JSON text', () => {
    fc.assert(fc.property(fc.json(), (text) => expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text))));
  });

  it('skips one byte order mark', () => {
    expect(parseJson(Buffer.from('\ufeff{"a":"é"}'))).toEqual({ a: 'é' });
  });

  it('keeps a __proto__ key a plain key', () => {
    const value = parseJson(Buffer.from('{"__proto__":{"a":1}}')) as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['a character cut short', [0x22, 0xe2, 0x82, 0x22]],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['Latin-1', [0x22, 0xe9, 0x22]],
  ])('refuses what is not UTF-8: %s', (_, bytes) => {
    expect(refusal(Buffer.from(bytes))).toEqual({ type: 'malformed-json', detail: 'The body is not UTF-8.' });
  });

  it('takes the replacement character for the character that it is', () => {
    expect(parseJson(Buffer.from('"\ufffd"'))).toBe('\ufffd');
  });

  it('says that a body is empty', () => {
    expect(refusal('')).toEqual({ type: 'malformed-json', detail: 'The body is empty; send a JSON object.' });
  });

  it.each(['{', '[1,]', '{"a":NaN}', "{'a':1}", 'undefined', ' ', '{}{}', '[\f]'])(
    'refuses %j in the words of the parser',
    (text) => {
      expect(refusal(text)).toEqual({ type: 'malformed-json', detail: `${parserWords(text)}.` });
    },
  );

  it.each(['\ufeff', '\ufeff\ufeff{}'])('refuses %j, where no text follows the byte order mark', (text) => {
    expect(refusal(text)).toEqual({ type: 'malformed-json', detail: `${parserWords(text.slice(1))}.` });
  });

  it('does not read 500,000 nested arrays', () => {
    expect(() => parseJson(Buffer.from('['.repeat(500_000) + ']'.repeat(500_000)))).toThrow('more than 100 levels');
  });
});

describe('readJson', () => {
  /** A body that counts the bytes that are asked of it. */
  function counted(text: string): {
    body: { length: number; slice(from: number, to: number): Buffer };
    sizes: number[];
  } {
    const bytes = Buffer.from(text);
    const sizes: number[] = [];
    const slice = (from: number, to: number): Buffer => {
      const part = bytes.subarray(from, to);
      sizes.push(part.length);
      return part;
    };
    return { body: { length: bytes.length, slice }, sizes };
  }

  it('reads a large text in slices of 64 KiB, with a turn of the event loop after each', async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => ({ a: i, b: `${i}é` }));
    const { body, sizes } = counted(JSON.stringify({ rows }));
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    expect(await readJson(body)).toEqual({ rows });
    isOver = true;
    expect(Math.max(...sizes)).toBe(65_536);
    expect(turns).toBeGreaterThanOrEqual(sizes.length);
  });

  it.each([
    ['a long text', `["${'x'.repeat(3_000_000)}",1]`],
    ['a text of escapes', `["${'\\\\'.repeat(700_000)}",1]`],
    ['much white space', `[${' '.repeat(3_000_000)}1]`],
  ])('reads %s in all but four times its bytes', async (_what, text) => {
    const { body, sizes } = counted(text);
    expect(await readJson(body)).toEqual(JSON.parse(text));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4 * body.length);
  });

  it('does not read a long number to its end', async () => {
    const { body, sizes } = counted(`[0.${'1'.repeat(1_000_000)},1]`);
    await expect(readJson(body)).rejects.toThrow('holds a number of more than 65536 characters');
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4 * 65_536);
  });

  it('refuses a large text that is no JSON, with the place', async () => {
    const { body } = counted(`{"rows":[${'[1],'.repeat(30_000)}x]}`);
    await expect(readJson(body)).rejects.toThrow('Unexpected token "x" in JSON at byte 120009.');
    await expect(readJson(counted(`[${'1,'.repeat(50_000)}`).body)).rejects.toThrow('Unexpected end of JSON input.');
  });
});
