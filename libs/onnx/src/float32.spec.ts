import fc from 'fast-check';
import { floorToFloat32 } from './float32.js';

const MAX_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;
const MIN_FLOAT32 = 2 ** -149;

/** The next larger float32, computed by its bits: independent of the code under test. */
function nextUp(float: number): number {
  const view = new DataView(new ArrayBuffer(4));
  if (float === 0) return MIN_FLOAT32;
  view.setFloat32(0, float);
  view.setInt32(0, view.getInt32(0) + (float > 0 ? 1 : -1));
  return view.getFloat32(0);
}

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });
/** Any float64, and those close to a float32, where the rounding matters. */
const threshold = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, min: -1e39, max: 1e39 }),
  fc.tuple(float32, fc.double({ noNaN: true, min: -1e-7, max: 1e-7 })).map(([x, shift]) => x + x * shift),
  float32,
);

describe('floorToFloat32', () => {
  it('gives the largest float32 that is not above the value', () => {
    fc.assert(
      fc.property(threshold, (value) => {
        const floor = floorToFloat32(value);
        expect(Math.fround(floor)).toBe(floor);
        expect(floor).toBeLessThanOrEqual(value);
        expect(nextUp(floor)).toBeGreaterThan(value);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a float32 as it is', () => {
    fc.assert(fc.property(float32, (value) => expect(floorToFloat32(value)).toBe(value)));
  });

  it('changes no decision `x <= threshold` of a float32', () => {
    fc.assert(
      fc.property(threshold, float32, (value, anywhere) => {
        const floor = floorToFloat32(value);
        for (const x of [anywhere, Math.fround(value), floor, nextUp(floor)]) {
          expect(x <= floor).toBe(x <= value);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [0.1, 0.09999999403953552, 'the nearest float32 is above'],
    [-0.1, -0.10000000149011612, 'the nearest float32 is below already'],
    [-0.7, -0.7000000476837158, 'the nearest float32 is above, so away from zero'],
    [0, 0, 'zero is zero'],
    [-0, -0, 'and so is minus zero'],
    [1e-50, 0, 'there is nothing between zero and the smallest float32'],
    [-1e-50, -MIN_FLOAT32, 'nor below zero, where down is away from it'],
    [MIN_FLOAT32 * 1.75, MIN_FLOAT32, 'among the smallest'],
    [1e39, MAX_FLOAT32, 'above the largest float32'],
    [-1e39, -Infinity, 'below all float32'],
    [Infinity, Infinity, 'infinity is a float32'],
    [-Infinity, -Infinity, 'and so is the other'],
  ])('%d becomes %d: %s', (value, expected) => expect(floorToFloat32(value)).toBe(expected));
});
