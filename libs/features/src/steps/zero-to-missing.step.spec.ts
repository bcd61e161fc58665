import { zeroToMissing } from './zero-to-missing.step.js';

it('takes for missing what LightGBM takes for zero', () => {
  const edge = Math.fround(1e-35);
  const values = [0, -0, edge, -edge, edge * (1 + 2 ** -52), -1e-34, 1, NaN];
  const columns: Record<string, Float64Array> = { x: Float64Array.from(values), y: new Float64Array(values.length) };
  const step = { kind: 'zero_to_missing', column: 'x', output: 'y' } as const;
  zeroToMissing.bind(step, (name) => columns[name], { contentOf: () => 'numbers', isRewritten: () => false })(8);
  expect([...columns.y]).toEqual([NaN, NaN, NaN, NaN, edge * (1 + 2 ** -52), -1e-34, 1, NaN]);
});
