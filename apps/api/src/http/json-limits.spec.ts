import { assertModestJson } from './json-limits.js';

const PADDING = ' '.repeat(300_000);
const check = (text: string) => () => assertModestJson(Buffer.from(text + PADDING));
const keys = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"${i}":0`).join()}}`;
const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth);

describe('assertModestJson', () => {
  it.each([nested(100), nested(50, '{"a":[', ']}'), keys(10_000), `[${keys(9_000)},${keys(9_000)}]`])(
    'lets pass what is just within the limits',
    (text) => expect(check(text)).not.toThrow(),
  );

  it.each([nested(101), nested(500_000), nested(51, '{"a":[', ']}'), '['.repeat(101)])(
    'refuses what is too deep',
    (text) => expect(check(text)).toThrow('The body nests more than 100 levels deep; no input is like that.'),
  );

  it.each([keys(10_001), keys(100_000), `[[{"a":${keys(10_001)}}]]`])('refuses objects that are too wide', (text) =>
    expect(check(text)).toThrow('The body holds an object of more than 10000 fields; no input is like that.'),
  );

  const objects = (count: number, keyOf: (i: number) => string): string =>
    `[${Array.from({ length: count }, (_, i) => `{"${keyOf(i)}":0}`).join()}]`;

  it('refuses many objects that each have other fields', () =>
    expect(check(objects(400_000, (i) => `feature_${i}_x`))).toThrow('The body holds too many different field names'));

  it('lets pass many objects that have the same fields, or few others', () => {
    expect(check(objects(400_000, (i) => `feature_${i % 10_000}_x`))).not.toThrow();
  });

  it('lets pass a million objects and arrays, and no more', () => {
    const empty = (count: number): string => `[${'{},'.repeat(count - 1)}0]`;
    expect(check(empty(1_000_000))).not.toThrow();
    expect(check(empty(1_000_001))).toThrow('The body holds more than 1000000 objects and arrays');
  });

  it('counts nothing inside strings', () => {
    expect(check(JSON.stringify([nested(500), ':'.repeat(20_000), '\\"[{', '\\']))).not.toThrow();
    expect(check(`["\\"", ${nested(101)}]`)).toThrow('levels deep');
  });

  it('leaves text that is no JSON to the parser', () => expect(check(']]}}"')).not.toThrow());

  it('does not look at small bodies', () => expect(() => assertModestJson(Buffer.from(nested(1_000)))).not.toThrow());
});
