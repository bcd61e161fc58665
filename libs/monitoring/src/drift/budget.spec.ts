import { numberPlan } from '../cells/column-plan.js';
import { SCALE_NAMES, windowsIn30Days } from '../time/scales.js';
import { logLevel } from './budget.js';

const column = (role: 'input' | 'score') =>
  numberPlan({ name: role, role, missing: 0, minimum: 0, uppers: [1], counts: [9] });

it('the levels of all tests of 30 days sum to the budget, a score with twice the level', () => {
  const columns = [...Array.from({ length: 18 }, () => column('input')), column('score')];
  let sum = 0;
  for (const scale of SCALE_NAMES)
    for (const one of columns) sum += windowsIn30Days(scale) * Math.exp(logLevel(columns, one, scale, 0.1));
  expect(sum).toBeCloseTo(0.1, 12);
  expect(Math.exp(logLevel(columns, columns[0], '1h', 0.1))).toBeCloseTo(0.025 / 720 / 20, 15);
  expect(Math.exp(logLevel(columns, columns[18], '1d', 0.1))).toBeCloseTo((2 * 0.025) / 30 / 20, 15);
});
