import type { ServedModel } from '#runtime';
import { columnsWithGaps } from './columns-with-gaps.js';

const inputs = [
  { name: 'age', type: 'float', nullable: true },
  { name: 'plan', type: 'category', codes: 'text', values: ['free', 'paid'], unknown: 'other', nullable: true },
] as unknown as ServedModel['inputs'];

describe('columnsWithGaps', () => {
  it.each([
    [
      [-1, 0],
      [false, false],
    ],
    [
      [NaN, 1],
      [true, false],
    ],
    [
      [3, -1],
      [false, true],
    ],
    [
      [3, NaN],
      [false, true],
    ],
  ])('of the row %j: a number is a gap where it is missing, a code also where it is of no value', (row, gaps) => {
    const expected = gaps.map((hasGap, i) => [inputs[i].name, hasGap]);
    expect(columnsWithGaps(inputs, { asked: { rows: [[NaN, NaN], row] }, start: 1, rows: 1 })).toEqual(expected);
    const columns = row.map((value) => Float64Array.of(0, 0, value, NaN));
    expect(columnsWithGaps(inputs, { asked: { columns }, start: 1, rows: 2 })).toEqual(expected);
  });
});
