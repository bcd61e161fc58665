import { checkColumns } from './columns.js';
import { fromInputs } from './tf-serving.js';

describe("MLflow's inputs", () => {
  it('become rows, one more than may be at most', () => {
    const inputs = { a: [1, 2, 3, 4], b: ['x', 'y', 'z', null] };
    expect(fromInputs(inputs, 4)).toEqual([1, 2, 3, 4].map((a, row) => ({ a, b: inputs.b[row] })));
    expect(fromInputs(inputs, 2)).toHaveLength(3);
  });

  it('have at most as many columns as JSON may name', () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `c${i}`);
    expect(() => checkColumns(names(10_000), 'The header')).not.toThrow();
    expect(() => checkColumns(names(10_001), 'The header')).toThrow('The header must name at most 10000 columns');
  });
});
