import { parsePythonJson } from './parse-python-json.js';

const parse = (text: string) => parsePythonJson(Buffer.from(text));

describe('parsePythonJson', () => {
  it('reads JSON', () => {
    expect(parse('{"a":[1,"NaN",null]}')).toEqual({ a: [1, 'NaN', null] });
  });

  it('reads NaN as null, and leaves it in strings', () => {
    expect(parse('{"a":[NaN,"NaN","\\"NaN",NaN],"NaN":NaN}')).toEqual({ a: [null, 'NaN', '"NaN', null], NaN: null });
  });

  it('reads long strings and many escapes', () => {
    const long = 'a\\\\'.repeat(1_000_000);
    expect(parse(`["${long}\\"",NaN]`)).toEqual([`${'a\\'.repeat(1_000_000)}"`, null]);
  });

  it.each(['[NaNa]', '"NaN', '[Infinity, NaN]', '[NaN', '{"a":-NaN}', ''])('refuses %j', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ type: 'malformed-json' }));
  });
});
