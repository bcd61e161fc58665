import { invalidInput, MAX_FAULTS } from './invalid-input.js';
import type { Fault } from './problem.js';

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
