import { readFileSync } from 'node:fs';
import { targetOf } from './data-recipe.js';
import { RandomNumbers } from './random-numbers.js';

describe('targetOf', () => {
  it('gives all 1,000 targets of the golden data set', () => {
    const [, ...lines] = readFileSync('test/fixtures/golden/dataset.csv', 'utf8').trim().split('\r\n');
    const rows = lines.map((line) => line.split(',').map(Number));
    expect(rows).toHaveLength(1_000);
    expect(rows.filter(([a, b, , d, , target]) => targetOf(a, b, d) !== target)).toEqual([]);
  });
});

describe('RandomNumbers', () => {
  const draw = (seed: number, stream: number, how: 'uniform' | 'normal', count = 20_000) => {
    const random = new RandomNumbers(seed, stream);
    return Array.from({ length: count }, () => random[how]());
  };
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('depend on seed and stream only', () => {
    expect(draw(1, 2, 'normal', 5)).toEqual(draw(1, 2, 'normal', 5));
    const others = [draw(1, 3, 'uniform', 1), draw(2, 2, 'uniform', 1), draw(1 + 2 ** 32, 2, 'uniform', 1)];
    expect(new Set([...others, draw(1, 2, 'uniform', 1)].map(String)).size).toBe(4);
  });

  it('are uniform from 0 to below 1', () => {
    const values = draw(7, 0, 'uniform');
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const tenths = Array<number>(10).fill(0);
    for (const value of values) tenths[Math.floor(10 * value)]++;
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  });

  it('are standard normal', () => {
    const values = draw(7, 1, 'normal');
    expect(Math.abs(mean(values))).toBeLessThan(0.03);
    expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(0.05);
    expect(Math.abs(mean(values.map((value) => value ** 4)) - 3)).toBeLessThan(0.3);
    expect(Math.abs(mean(values.slice(1).map((value, i) => value * values[i])))).toBeLessThan(0.03);
  });
});
