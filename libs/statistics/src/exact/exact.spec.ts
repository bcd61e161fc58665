import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { logStudentTails } from '../cluster/student.js';
import { jensenShannon } from '../drift/count-distances.js';
import { logBinomialTail } from './binomial-tail.js';
import { logFisherExact } from './fisher-exact.js';
import { POWER, smallestVisibleShare } from './smallest-visible.js';

interface Fixtures {
  readonly fisher: readonly { readonly table: readonly [number, number, number, number]; readonly exact: number }[];
  readonly student: readonly (readonly [t: number, degrees: number, p: number])[];
  readonly binomial: readonly (readonly [k: number, n: number, share: number, p: number])[];
  readonly jensenshannon: readonly (readonly [number[], number[], number])[];
}

const fixtures = JSON.parse(readFileSync('test/fixtures/statistics/scipy.json', 'utf8')) as Fixtures;
const fisher = ([a, n, b, m]: readonly number[]): number =>
  logFisherExact({ count: a, rows: n }, { count: b, rows: m });

/** The largest relative error. */
const worst = <Case>(cases: readonly Case[], found: (one: Case) => number, expected: (one: Case) => number): number =>
  cases.reduce((most, one) => Math.max(most, Math.abs(found(one) / expected(one) - 1)), 0);

describe('beside SciPy and 40 digits', () => {
  it("Fisher's test to 1e-9, up to counts of 1e8", () => {
    expect(fixtures.fisher.length).toBeGreaterThanOrEqual(200);
    expect(
      worst(
        fixtures.fisher,
        ({ table }) => Math.exp(fisher(table)),
        ({ exact }) => exact,
      ),
    ).toBeLessThan(1e-9);
  });

  it('tails of Student’s t to 1e-9, also where degrees are no whole number', () => {
    const { student } = fixtures;
    expect(
      worst(
        student,
        ([t, degrees]) => Math.exp(logStudentTails(t, degrees)),
        ([, , p]) => p,
      ),
    ).toBeLessThan(1e-9);
    expect([logStudentTails(0, 3), logStudentTails(Infinity, 3)]).toEqual([0, -Infinity]);
  });

  it('the binomial tail to 1e-9', () => {
    expect(
      worst(
        fixtures.binomial,
        ([k, n, share]) => Math.exp(logBinomialTail(k, n, share)),
        ([, , , p]) => p,
      ),
    ).toBeLessThan(1e-9);
  });

  it('the Jensen-Shannon distance to 1e-9', () => {
    const { jensenshannon } = fixtures;
    expect(
      worst(
        jensenshannon,
        ([e, a]) => jensenShannon({ expected: e, actual: a }),
        ([, , distance]) => distance,
      ),
    ).toBeLessThan(1e-9);
  });
});

const proportion = (most: number) =>
  fc.integer({ min: 0, max: most }).chain((rows) => fc.record({ rows: fc.constant(rows), count: fc.nat(rows) }));

describe('logFisherExact', () => {
  it('is the same whichever sample, and whichever outcome, is named first', () => {
    fc.assert(
      fc.property(proportion(400), proportion(400), (one, other) => {
        const flip = ({ count, rows }: typeof one) => ({ count: rows - count, rows });
        const p = logFisherExact(one, other);
        expect(logFisherExact(other, one)).toBeCloseTo(p, 9);
        expect(logFisherExact(flip(one), flip(other))).toBeCloseTo(p, 9);
        expect(p).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('is 1 where there is nothing to tell apart', () => {
    for (const table of [
      [0, 0, 3, 9],
      [3, 9, 0, 0],
      [0, 5, 0, 9],
      [5, 5, 9, 9],
    ])
      expect(fisher(table)).toBe(0);
  });

  it('stops early only with a bound above what was asked, and below p', () => {
    fc.assert(
      fc.property(proportion(3_000), proportion(3_000), fc.double({ min: -40, max: 0, noNaN: true }), (a, b, level) => {
        const [p, bound] = [logFisherExact(a, b), logFisherExact(a, b, level)];
        expect(bound <= level).toBe(p <= level);
        expect(bound).toBeLessThanOrEqual(p + 1e-9);
      }),
    );
  });

  it('needs no p that float64 could hold', () => {
    expect(fisher([1e8, 1e8, 0, 1e8])).toBeCloseTo(-1.386e8, -6);
  });
});

describe('smallestVisibleShare', () => {
  const reference = { count: 5_000, rows: 10_000 };
  const chance = (share: number, rows: number, logLevel: number): number => {
    let needed = Math.ceil(share * rows);
    for (needed = 0; needed <= rows; needed++)
      if (needed > rows / 2 && logFisherExact({ count: needed, rows }, reference) <= logLevel) break;
    return 1 - Math.exp(logBinomialTail(needed - 1, rows, share));
  };

  it.each([100, 850, 5_000])('of %d rows is what the test finds in four cases of five', (rows) => {
    const level = Math.log(1e-5 * 0.2);
    const visible = smallestVisibleShare(reference, rows, level)!;
    expect(chance(visible, rows, level)).toBeCloseTo(POWER, 6);
  });

  it('is none where a window of such size cannot tell', () => {
    expect(smallestVisibleShare(reference, 3, Math.log(1e-5))).toBeNull();
    expect(smallestVisibleShare(reference, 0, Math.log(1e-5))).toBeNull();
  });

  it('shrinks with more rows and grows with a stricter level', () => {
    const visible = (rows: number, level: number): number =>
      smallestVisibleShare(reference, rows, Math.log(level)) ?? 1;
    expect(visible(2_000, 1e-4)).toBeLessThan(visible(500, 1e-4));
    expect(visible(500, 1e-8)).toBeGreaterThan(visible(500, 1e-4));
  });
});

describe('over all tables of two samples of at most 12 rows', () => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

  it("Fisher's p is at most a in no more than a of the cases", () => {
    for (let rows = 1; rows <= 12; rows++) {
      for (let others = 1; others <= 12; others++) {
        for (let marked = 0; marked <= rows + others; marked++) {
          const cases: { p: number; chance: number }[] = [];
          for (let count = Math.max(0, marked - others); count <= Math.min(rows, marked); count++) {
            const p = Math.exp(fisher([count, rows, marked - count, others]));
            const chance = (choose(rows, count) * choose(others, marked - count)) / choose(rows + others, marked);
            cases.push({ p, chance });
          }
          for (const { p } of cases) {
            const within = cases.reduce((sum, one) => sum + (one.p <= p * (1 + 1e-9) ? one.chance : 0), 0);
            if (!(within <= p * (1 + 1e-9))) throw new Error(JSON.stringify({ rows, others, marked, p, within }));
          }
        }
      }
    }
  });
});
