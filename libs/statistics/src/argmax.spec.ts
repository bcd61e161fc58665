import { argmax } from './argmax.js';

describe('argmax', () => {
  it.each([
    [[1, 3, 2], 0, 3, 1],
    [[3, 1, 2], 0, 3, 0],
    [[1, 2, 3], 0, 3, 2],
    [[0.5, 0.5], 0, 2, 0],
    [[1, 2, 2], 0, 3, 1],
    [[9, 0, 1, 9], 1, 2, 1],
    [[-2, -1], 0, 2, 1],
  ])('of %j from %d on, %d wide, is %d', (values, offset, width, expected) => {
    expect(argmax(Float32Array.from(values), offset, width)).toBe(expected);
  });
});
