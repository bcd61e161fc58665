import { knownValues } from './known-values.js';

it('knownValues tells the values that steps name, by the column', () => {
  const known = knownValues({
    steps: [
      {
        kind: 'lookup',
        column: 'a',
        table: [
          ['x', 1],
          [null, 2],
        ],
      },
      { kind: 'ordinal', columns: ['a', 'b'], categories: ['low', 'high', null] },
      { kind: 'sqrt', column: 'c' },
    ],
  });
  expect([...known]).toEqual([
    ['a', ['x', 'low', 'high']],
    ['b', ['low', 'high']],
  ]);
});
