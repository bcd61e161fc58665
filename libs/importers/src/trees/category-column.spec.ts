import { categoryColumn } from './category-column.js';

it('Categories that are false and true are read as truth values, whose numbers are their codes', () => {
  expect(categoryColumn('flag', [false, true], 'missing')).toEqual({
    column: { name: 'flag', type: 'boolean', nullable: true },
    steps: [],
  });
});

it.each([[[true, false]], [[true]], [[false, true, 'x']], [['a', 1]], [['a', 'a']], [[]]])(
  'Categories that are %j are no column: their codes are the numbers of no kind',
  (values) => expect(categoryColumn('flag', values, 'missing')).toBeUndefined(),
);
