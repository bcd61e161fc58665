import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { python } from './helper/python.js';

interface Fixtures {
  readonly fisher: readonly { readonly table: readonly number[]; readonly exact: number; readonly scipy: number }[];
}

const FIXTURES = 'test/fixtures/statistics/scipy.json';

describe('the fixtures of libs/statistics', () => {
  it('are what the real SciPy says', () => {
    const made = execFileSync(python('learners'), ['test/peers/helper/statistics_fixtures.py'], { encoding: 'utf8' });
    expect(readFileSync(FIXTURES, 'utf8')).toBe(made);
  });

  it('hold SciPy to 1e-9 of what 40 digits say, up to counts of 1e5; beyond, its own error grows to 1e-7', () => {
    const { fisher } = JSON.parse(readFileSync(FIXTURES, 'utf8')) as Fixtures;
    for (const { table, exact, scipy } of fisher) {
      const error = Math.abs(scipy / exact - 1);
      expect({ table, close: error < (Math.max(...table) <= 1e5 ? 1e-9 : 1e-7) }).toEqual({ table, close: true });
    }
  });
});
