import type { ColumnPlan } from '../cells/column-plan.js';
import { splitsOf } from '../cells/split.js';
import { askedSplits, strongestOf } from './judge-column.js';

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

/** Three cells: missing, and two bins, whose cut does not depend on any sample. */
const splits = splitsOf([6, 6], true).filter(({ kind }) => kind !== 'outside');
const column: ColumnPlan = {
  name: 'x',
  role: 'input',
  bins: { kind: 'numbers', minimum: 0, uppers: [1, 2] },
  cells: 5,
  splits,
  ends: new Int32Array(),
  reference: new Float64Array(5),
  untested: [],
  count: () => undefined,
};
const cells = ([missing, low, high]: readonly number[]): Float64Array => Float64Array.of(missing, 0, low, high, 0);

function pOf(reference: readonly number[], now: readonly number[]): number {
  const dispersion = { degrees: 0, squares: 0, fourths: 0, sizesWithin: 0, sizes: 0, expected: 0 };
  const found = strongestOf(
    askedSplits({
      column,
      reference: cells(reference),
      now: cells(now),
      dispersion: () => dispersion,
      scale: '1d',
      isIndependent: true,
    }),
  );
  return found ? Math.exp(found.logP) : 1;
}

/** All ways to distribute rows over three cells. */
const ways = (rows: number): number[][] =>
  Array.from({ length: rows + 1 }, (_, a) => a).flatMap((a) =>
    Array.from({ length: rows - a + 1 }, (_, b) => [a, b, rows - a - b]),
  );

it('tests two splits', () => {
  expect(splits.map(({ kind }) => kind)).toEqual(['missing', 'above']);
});

it.each([
  [12, 12],
  [12, 5],
  [5, 12],
  [8, 8],
])('the p-value of %d rows against %d is at most a with a probability of at most a', (rows, others) => {
  for (const all of ways(rows + others)) {
    const cases = ways(rows)
      .filter((now) => now.every((count, cell) => count <= all[cell]))
      .map((now) => {
        const reference = all.map((count, cell) => count - now[cell]);
        const tables = all.reduce((product, count, cell) => product * choose(count, now[cell]), 1);
        return { p: pOf(reference, now), chance: tables / choose(rows + others, rows) };
      })
      .sort((a, b) => a.p - b.p);
    let within = 0;
    cases.forEach(({ p, chance }, i) => {
      within += chance;
      const isLastOfSame = i + 1 === cases.length || cases[i + 1].p > p * (1 + 1e-9);
      if (isLastOfSame && !(within <= p * (1 + 1e-9))) throw new Error(JSON.stringify({ all, p, within }));
    });
  }
});
