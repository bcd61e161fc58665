import { parse } from 'csv-parse/sync';
import { csvFault } from './csv-fault.js';

it.each([
  ['a,b\n1,2\n3\n', {}, 'line 3 has 1 cell, but the header has 2'],
  ['a,b\n1,2,3\n', { columns: true }, 'line 2 has 3 cells, but the header has 2'],
  ['a,b\n1,"2\n', {}, 'a quote is opened in line 2 and never closed'],
  ['a,b\n1"x",2\n', {}, 'line 2 has a quote inside a cell that does not start with one'],
  ['a,b\n"1"x,2\n', {}, 'line 2 has text after the quote that ends a cell'],
])('says what is wrong with %j, and in which line', (text, options, fault) => {
  let thrown: unknown;
  try {
    parse(text, options);
  } catch (error) {
    thrown = error;
  }
  expect(csvFault(thrown)).toMatch(fault);
});

it('keeps the message of any other error', () => {
  expect(csvFault(new Error('the disk failed at line 3'))).toBe('the disk failed at line 3');
});
