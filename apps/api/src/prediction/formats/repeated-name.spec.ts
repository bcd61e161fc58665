import { repeatedName } from './repeated-name.js';

describe('The repeated name', () => {
  it('is the first that comes again', () => {
    expect(repeatedName(['a', 'b', 'c', 'b', 'a'])).toBe('b');
    expect(repeatedName(['', ''])).toBe('');
    expect(repeatedName(['a', '__proto__'])).toBeUndefined();
  });

  it('is found among very many, too', () => {
    const names = Array.from({ length: 500_000 }, (_, i) => `column ${i}`);
    expect(repeatedName(names)).toBeUndefined();
    expect(repeatedName([...names, 'column 0'])).toBe('column 0');
  });
});
