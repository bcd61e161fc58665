import fc from 'fast-check';
import { descendingOrder } from './descending-order.js';

it('orders as a stable comparison sort does', () => {
  const score = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, -0, 0.5, 1, Number.MIN_VALUE));
  fc.assert(
    fc.property(fc.array(score, { maxLength: 50 }), (scores) => {
      const expected = scores.map((_, row) => row).sort((a, b) => scores[b] - scores[a]);
      expect([...descendingOrder(Float64Array.from(scores))]).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});
