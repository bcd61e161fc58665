import { numberFromText } from '#schema';
import { cellReader } from './cell-reader.js';

function read(cells: string[], decimal: '.' | ',' = '.', missing?: string[]): unknown[] {
  const valueOf = cellReader(decimal, missing);
  return cells.map((cell) => valueOf(cell, numberFromText));
}

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

  it('are what the kind of their column takes them for', () => {
    const valueOf = cellReader('.');
    const yes = (text: string): number | undefined => (text === 'yes' ? 1 : undefined);
    expect(['yes', ' yes ', '1', 'NA'].map((cell) => valueOf(cell, yes))).toEqual([1, 1, '1', null]);
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
