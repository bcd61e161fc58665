import fc from 'fast-check';
import { linkBoostingKernels } from './boosting-kernels.js';

describe('the exponential of the kernels', () => {
  const kernels = linkBoostingKernels(new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true }));
  const exponential = (x: number): number => kernels.exponential(x);

  it('agrees with Math.exp', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-15);
      }),
    );
    expect(exponential(0)).toBe(1);
  });

  it('stays positive and finite whatever is asked', () => {
    expect([exponential(-1e9), exponential(-Infinity)]).toEqual([exponential(-700), exponential(-700)]);
    expect([exponential(1e9), exponential(Infinity)]).toEqual([exponential(700), exponential(700)]);
    expect(exponential(-700)).toBeGreaterThan(0);
  });
});
