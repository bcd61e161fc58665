import { cellReader } from './cell-reader.js';

const read = (cells: string[], decimal: '.' | ',' = '.', missing?: string[]) => cells.map(cellReader(decimal, missing));

describe('Cells of CSV', () => {
  it('are numbers, blanks around them aside', () => {
    expect(read(['5', ' -0.5 ', '+.5', '5.', '1e3', '1E-3', '007', '1e999'])).toEqual([
      5,
      -0.5,
      0.5,
      5,
      1000,
      0.001,
      7,
      Infinity,
    ]);
  });

  it('are numbers with a comma where those are written so', () => {
    expect(read(['5', '-0,5', ',5', '1,5e3', '1.5', '1,5,2'], ',')).toEqual([5, -0.5, 0.5, 1500, '1.5', '1,5,2']);
  });

  it('are null where their text stands for no value', () => {
    expect(read(['', ' ', 'NA', 'nan', '#N/A', 'None'])).toEqual(Array(6).fill(null));
    expect(read(['?', '-999', '', 'NA', '5'], '.', ['?', '-999'])).toEqual([null, null, '', 'NA', 5]);
  });

  it('are texts otherwise, as they are', () => {
    const texts = ['abc', '1x', '0x10', '1,5', '1.5.5', '1e', '-', '--1', '+', '.', 'e5', 'Infinity', '1 5', '١'];
    expect(read(texts)).toEqual(texts);
  });
});
