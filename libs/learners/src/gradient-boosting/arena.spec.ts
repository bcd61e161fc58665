import { LearnerError } from '../learner.error.js';
import { Arena } from './arena.js';

describe('Arena', () => {
  it('gives out zeros that do not overlap, and none at address 0', () => {
    const arena = new Arena();
    const bytes = arena.array(Uint8Array, 3).fill(1);
    const numbers = arena.array(Float64Array, 100_000);
    expect(bytes.byteOffset).toBeGreaterThan(0);
    expect(numbers.every((number) => number === 0)).toBe(true);
    numbers.fill(2);
    expect([...bytes]).toEqual([1, 1, 1]);
    expect(arena.array(Int32Array, 5).byteOffset).toBeGreaterThanOrEqual(numbers.byteOffset + numbers.byteLength);
  });

  it('refuses what 32-bit addresses do not reach', () => {
    const arena = new Arena();
    const half = arena.array(Float64Array, 2 ** 28);
    expect(half.length).toBe(2 ** 28);
    expect(() => arena.array(Float64Array, 2 ** 28)).toThrow(LearnerError);
  });
});
