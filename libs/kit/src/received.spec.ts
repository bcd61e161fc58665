import { received } from './received.js';

describe('received', () => {
  it.each([[0], [-1.5], [1e308], [true], [false], [null], [''], ['text'], ['x'.repeat(100)]])(
    'shows %j as it came',
    (value) => {
      expect(received(value)).toBe(value);
    },
  );

  it.each([
    ['nothing', undefined, 'nothing'],
    ['infinity', Infinity, 'Infinity, a number beyond the range of a double'],
    ['its negative', -Infinity, '-Infinity, a number beyond the range of a double'],
    ['an object', { a: { b: 1 } }, 'an object'],
    ['an object without prototype', Object.create(null), 'an object'],
    ['an empty array', [], 'an array of 0'],
    ['an array', [1, [2], {}], 'an array of 3'],
    ['a long text', 'x'.repeat(101), `${'x'.repeat(100)}...`],
    ['a huge text', 'y'.repeat(10_000_000), `${'y'.repeat(100)}...`],
  ])('names %s', (_, value: unknown, shown) => {
    expect(received(value)).toBe(shown);
  });

  it('names an array 500,000 levels deep', () => {
    expect(received(JSON.parse('['.repeat(500_000) + ']'.repeat(500_000)))).toBe('an array of 1');
  });

  it('shows only what JSON can write', () => {
    const half = received(`${'x'.repeat(99)}😀 and more`);
    expect(JSON.stringify(half)).toBe(`"${'x'.repeat(99)}\\ud83d..."`);
  });
});
