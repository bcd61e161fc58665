import { newcombe, wilson } from './proportions.js';

const of = (count: number, rows: number) => ({ count, rows });

it.each([
  // Newcombe (1998), table I and II; the other values are R's prop.test(correct = FALSE).
  [0, 20, 0, 0.161125],
  [1, 29, 0.00611, 0.171755],
  [81, 263, 0.255289, 0.366209],
  [148, 148, 0.974702, 1],
])('Wilson: %d of %d', (count, rows, low, high) => {
  const interval = wilson(of(count, rows));
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

it.each([
  // Newcombe (1998), table II, method 10.
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [10, 10, 0, 20, 0.6791, 1],
  [10, 10, 0, 10, 0.6075, 1],
])('Newcombe: %d of %d less %d of %d', (a, n, b, m, low, high) => {
  const interval = newcombe(of(a, n), of(b, m));
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

it('without rows all is possible', () => {
  expect(wilson(of(0, 0))).toEqual({ low: 0, high: 1 });
  expect(newcombe(of(0, 0), of(5, 10)).low).toBeLessThan(-0.4);
});
