import { chunks } from './chunks.js';

describe('chunks', () => {
  it.each([
    [0, []],
    [1, [{ start: 0, rows: 1 }]],
    [1_024, [{ start: 0, rows: 1_024 }]],
    [
      1_025,
      [
        { start: 0, rows: 1_024 },
        { start: 1_024, rows: 1 },
      ],
    ],
    [
      2_500,
      [
        { start: 0, rows: 1_024 },
        { start: 1_024, rows: 1_024 },
        { start: 2_048, rows: 452 },
      ],
    ],
  ])('splits %d rows', (total, expected) => expect([...chunks(total)]).toEqual(expected));
});
