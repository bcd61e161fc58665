import fc from 'fast-check';
import { countedBytes } from '../../../../../test/helper/counted-bytes.js';
import { Problem } from '../../problem/problem.js';
import { atOnce } from '../steps.js';
import type { ElementSink, JsonOptions } from './json-reader.js';
import { type Bytes, readSlices } from './read-json.js';

const bytesOf = (buffer: Buffer): Bytes => ({
  length: buffer.length,
  slice: (from, to) => buffer.subarray(from, to),
});

/** Reads a text in slices of some bytes. */
function read(text: string | Buffer, sliceBytes: number, options?: JsonOptions): unknown {
  return atOnce(readSlices(bytesOf(Buffer.from(text as string)), options, sliceBytes));
}

function attempt(parse: () => unknown): { value: unknown } | undefined {
  try {
    return { value: parse() };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Problem) return undefined;
    throw error;
  }
}

const unit = fc.constantFrom(...'{}[],:"\\ \n\u0000é€x1-.', '😀', '\ud800', 'null', 'true', '1e5', 'NaN', 'Infinity');
const damage = fc.record({ at: fc.nat(), remove: fc.nat(2), insert: fc.oneof(fc.constant(''), unit) });
const space = fc.constantFrom('', ' ', '\n', '\t', '\r\n  ');

/** Values of every kind, with names that come again in other objects, and white space in all places. */
const json = fc.letrec<{ value: string }>((tie) => {
  const member = fc.tuple(fc.oneof(fc.constantFrom('a', 'b', '__proto__', ''), fc.string({ unit })), tie('value'));
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
      fc.integer().map(String),
      fc.string({ unit }).map((value) => JSON.stringify(value)),
      fc.constantFrom('null', 'true', 'false', '0', '-0'),
      fc
        .tuple(space, space, fc.array(tie('value'), { maxLength: 5 }))
        .map(([a, b, it]) => `[${a}${it.join(b + ',' + a)}${b}]`),
      fc
        .tuple(space, space, fc.uniqueArray(member, { maxLength: 5, selector: ([name]) => name }))
        .map(
          ([a, b, it]) =>
            `{${a}${it.map(([name, value]) => `${JSON.stringify(name)}${b}:${a}${value}`).join(`${b},${a}`)}${b}}`,
        ),
    ),
  };
}).value;

const sliceBytes = fc.constantFrom(1, 2, 3, 7, 16, 10_000);

describe('The JSON reader', () => {
  it('reads every text as JSON.parse does, in slices of any size', () => {
    fc.assert(
      fc.property(json, sliceBytes, (text, size) => expect(read(text, size)).toEqual(JSON.parse(text))),
      { numRuns: 2_000, endOnFailure: true },
    );
  });

  it('refuses what JSON.parse refuses, and nothing else but fields that come twice', () => {
    fc.assert(
      fc.property(json, sliceBytes, fc.array(damage, { minLength: 1, maxLength: 2 }), (text, size, changes) => {
        for (const { at, remove, insert } of changes) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + insert + text.slice(place + remove);
        }
        // What cuts a surrogate pair becomes the replacement character.
        text = Buffer.from(text).toString();
        const ours = attempt(() => read(text, size));
        const theirs = attempt(() => JSON.parse(text) as unknown);
        if (theirs && !ours) expect(() => read(text, size)).toThrow('must be given only once');
        else expect(ours).toEqual(theirs);
      }),
      { numRuns: 4_000, endOnFailure: true },
    );
  });

  it('keeps a __proto__ field a plain field', () => {
    const value = read('{"__proto__":{"a":1}}', 5) as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it.each([
    ['{"a":1,"b":2,"a":1}', 'a'],
    ['{"instances":[{"a":1},{"a":1,"\\u0061":2}]}', 'instances[1].a'],
    ['[[],[0,{"x":{"y":[1],"y":2}}]]', '[1][1].x.y'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"":0,"":0}', ''],
  ])('refuses a field that comes twice: %s', (text, path) => {
    const errors = [{ path, expected: 'given only once: the object repeats it', received: 'a second value' }];
    for (const size of [1, 1_000]) {
      expect(() => read(text, size)).toThrow(expect.objectContaining({ type: 'invalid-input', extension: { errors } }));
    }
  });

  it('reads NaN as null where that is asked for, and leaves it in texts', () => {
    const text = '{"a":[NaN,"NaN","\\"NaN",1,NaN],"NaN":NaN}';
    for (const size of [1, 2, 1_000]) {
      expect(read(text, size, { nonFinite: true })).toEqual({ a: [null, 'NaN', '"NaN', 1, null], NaN: null });
    }
    expect(() => read(text, 1_000)).toThrow('Unexpected token "N" in JSON at byte 6');
    expect(() => read('[NaNa]', 1_000, { nonFinite: true })).toThrow('Unexpected token "a"');
    expect(() => read('[-NaN]', 1_000, { nonFinite: true })).toThrow('Unexpected token "-"');
  });

  it('reads the infinities where that is asked for, and leaves them in texts', () => {
    const text = '{"a":[1,-Infinity,2,Infinity,"-Infinity"],"b":-Infinity,"Infinity":Infinity}';
    for (const size of [1, 2, 1_000]) {
      expect(read(text, size, { nonFinite: true })).toEqual({
        a: [1, -Infinity, 2, Infinity, '-Infinity'],
        b: -Infinity,
        Infinity: Infinity,
      });
    }
    expect(() => read(text, 1_000)).toThrow('Unexpected token "-" in JSON at byte 8');
    for (const wrong of ['[-Infinit]', '[-Inf', '[-', '[+Infinity]', '[--Infinity]', '[-Infinity1]', '[1-Infinity]']) {
      expect(() => read(wrong, 1_000, { nonFinite: true })).toThrow(/Unexpected (token|end)/);
    }
  });

  it.each([
    [[0x22, 0x80, 0x22]],
    [[0x22, 0xe2, 0x82, 0x22]],
    [[0x22, 0xed, 0xa0, 0x80, 0x22]],
    [[0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d]],
  ])('refuses texts that are not UTF-8: %j', (bytes) => {
    expect(() => read(Buffer.from(bytes), 100)).toThrow('The body is not UTF-8.');
  });

  it('gives the elements of an array to a sink, with what came before it', () => {
    const given: unknown[] = [];
    const asked: unknown[] = [];
    const sink: ElementSink = { rows: 0, add: (value) => given.push(value), scan: () => -1 };
    const sinkOf = (path: string, before: object): ElementSink | undefined => {
      asked.push([path, { ...before }]);
      return path === 'a.b' ? sink : undefined;
    };
    expect(read('{"a":{"n":1,"b":[1,[2],{"b":[3]}],"c":[4]}}', 1, { sinkOf })).toEqual({
      a: { n: 1, b: sink, c: [4] },
    });
    expect(given).toEqual([1, [2], { b: [3] }]);
    expect(asked).toEqual([
      ['a.b', { n: 1 }],
      ['a.c', { n: 1, b: sink }],
    ]);
  });

  it('lets a sink read elements itself', () => {
    const given: unknown[] = [];
    const sink: ElementSink = {
      rows: 0,
      add: (value) => given.push(value),
      scan: (bytes, at) => (bytes[at] === 0x31 && at + 2 <= bytes.length ? given.push('one') && at + 2 : -1),
    };
    const text = '{"a":[1x,2,1x , 1x]}';
    for (const size of [3, 100]) {
      given.length = 0;
      read(text, size, { sinkOf: () => sink });
      expect(given).toEqual(['one', 2, 'one', 'one']);
    }
  });

  describe('bounds', () => {
    const fields = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"${i}":0`).join()}}`;
    const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth);
    const objects = (count: number): string =>
      `[${Array.from({ length: count }, (_, i) => `{"feature_${i}":0}`).join()}]`;

    it.each([nested(100), nested(50, '{"a":[', ']}').replace('[]', '[0]'), fields(10_000), objects(20_000)])(
      'let pass what is just within them',
      (text) => expect(() => read(text, 1_000)).not.toThrow(),
    );

    it.each([
      [nested(101), 'nests more than 100 levels deep'],
      ['['.repeat(500_000), 'nests more than 100 levels deep'],
      [fields(10_001), 'holds an object of more than 10000 fields'],
      [objects(20_001), 'holds too many different field names'],
      [`[${'{},'.repeat(1_000_000)}0]`, 'holds more than 1000000 objects and arrays'],
    ])('refuse more', (text, how) => {
      expect(() => read(text, 10_000)).toThrow(`The body ${how}; no model input needs that.`);
    });
  });

  it('reads a long text as JSON.parse does, in slices of any size', () => {
    const part = fc.constantFrom('x', '\\\\', '\\"', '\\n', '\\u00e9', '\\ud83d', '\\ude00', 'é', '€', '😀', ' ');
    const text = fc
      .array(fc.tuple(part, fc.integer({ min: 1, max: 9_000 })), { minLength: 3, maxLength: 8 })
      .map((parts) => `"${parts.map(([unit, count]) => unit.repeat(count)).join('')}"`);
    fc.assert(
      fc.property(text, fc.integer({ min: 16_384, max: 20_000 }), (long, size) => {
        const json = `{ ${long} :[1,${long} , {"a":${long}}]}`;
        expect(read(json, size)).toEqual(JSON.parse(json));
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  it.each(['x', '\\"', '\\\\', '\\u0000', '€', ' '])(
    'reads a text of many %j without looking at a part twice',
    (unit) => {
      const text = `["${unit.repeat(400_000 / unit.length)}"]`;
      const sizes: number[] = [];
      const bytes = bytesOf(Buffer.from(text));
      const slice = (from: number, to: number): Buffer => {
        const part = bytes.slice(from, to);
        sizes.push(part.length);
        return part;
      };
      expect(atOnce(readSlices({ length: bytes.length, slice }, {}, 20_000))).toEqual(JSON.parse(text));
      expect(Math.max(...sizes)).toBe(20_000);
      expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(1.01 * bytes.length + 20_000);
    },
  );

  it.each([
    ['["' + 'x'.repeat(50_000), 'Unexpected end of JSON input'],
    ['["' + 'x'.repeat(50_000) + '\\', 'Unexpected end of JSON input'],
    ['["' + 'x'.repeat(50_000) + '\\q"]', /^Bad escaped character in JSON in the string at byte \d+\.$/],
    [
      '["' + 'x'.repeat(50_000) + '\n"]',
      /^Bad control character in string literal in JSON in the string at byte \d+\.$/,
    ],
    [`[0.${'1'.repeat(1_000_000)}`, 'holds a number of more than 65536 characters'],
  ])('refuses what is wrong in a long one (%#)', (text, why) => {
    expect(() => read(text, 16_384)).toThrow(why);
  });

  it('looks at each byte but a few times, whatever the text', () => {
    const units = [
      '"',
      '\\"',
      '"\\"",',
      '[',
      '{"a":',
      '0,',
      '[0],',
      'NaN,',
      '-Infinity,',
      '1e',
      '-',
      ' ',
      '},',
      '"\\\\",',
      'tru',
      '\u20ac',
      '{"a":1,',
    ];
    for (const opening of ['', '[', '{"a":[', '["']) {
      for (const unit of units) {
        const looks = [20_000, 40_000].map((length) =>
          looksAt(opening + unit.repeat(length / Buffer.byteLength(unit))),
        );
        expect(looks[1]).toBeLessThanOrEqual(2.1 * looks[0]);
        expect(looks[1]).toBeLessThanOrEqual(8 * 40_000);
      }
    }
  });
});

/** How often bytes are looked at, in slices of 1,000. */
function looksAt(text: string): number {
  const bytes = Buffer.from(text);
  const counts: (() => number)[] = [];
  const slice = (from: number, to: number): Buffer => {
    const counted = countedBytes(bytes.subarray(from, to));
    counts.push(counted.looks);
    return counted.bytes;
  };
  attempt(() => atOnce(readSlices({ length: bytes.length, slice }, { nonFinite: true }, 1_000)));
  return counts.reduce((sum, looks) => sum + looks(), 0);
}
