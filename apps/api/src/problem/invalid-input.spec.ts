import { invalidInput, MAX_FAULTS, received } from './invalid-input.js';
import type { Fault } from './problem.js';

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

describe('invalidInput', () => {
  const fault = (i: number): Fault => ({ path: `instances[${i}].a`, expected: 'a finite number', received: null });
  const faults = (count: number): Fault[] => Array.from({ length: count }, (_, i) => fault(i));

  it('words a single fault', () => {
    const { type, status, detail, extension } = invalidInput([fault(7)]);
    expect({ type, status, detail, extension }).toEqual({
      type: 'invalid-input',
      status: 422,
      detail: 'instances[7].a must be a finite number.',
      extension: { errors: [fault(7)] },
    });
  });

  it('words a fault of the whole body', () => {
    expect(invalidInput([{ path: '', expected: 'an object with a', received: 5 }]).detail).toBe(
      'The body must be an object with a.',
    );
  });

  it.each([
    [2, 'instances[0].a must be a finite number; 1 more fault, see errors.'],
    [3, 'instances[0].a must be a finite number; 2 more faults, see errors.'],
  ])('says how many of %d faults it does not word', (count, detail) => {
    expect(invalidInput(faults(count)).detail).toBe(detail);
  });

  it('lists at most a hundred faults, and says so only when there are more', () => {
    expect(MAX_FAULTS).toBe(100);
    expect(invalidInput(faults(100)).extension).toEqual({ errors: faults(100) });
    expect(invalidInput(faults(101)).extension).toEqual({ errors: faults(100), errors_total: 101 });
    expect(invalidInput(faults(100), 4_000).extension).toEqual({ errors: faults(100), errors_total: 4_000 });
  });
});
