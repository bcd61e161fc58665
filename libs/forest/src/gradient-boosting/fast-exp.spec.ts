import fc from 'fast-check';
import { fastExp } from './fast-exp.js';

describe('fastExp', () => {
  it('agrees with Math.exp', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(Math.abs(fastExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-15);
      }),
    );
    expect(fastExp(0)).toBe(1);
  });

  it('stays positive and finite whatever is asked', () => {
    expect([fastExp(-1e9), fastExp(-Infinity)]).toEqual([fastExp(-700), fastExp(-700)]);
    expect([fastExp(1e9), fastExp(Infinity)]).toEqual([fastExp(700), fastExp(700)]);
    expect(fastExp(-700)).toBeGreaterThan(0);
  });
});
