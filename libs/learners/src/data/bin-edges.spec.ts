import fc from 'fast-check';
import { RandomStream } from '#kit';
import { binEdges } from './bin-edges.js';

/** The bins of one column: smallest and largest value, and number of rows. */
function binsOf(column: Float32Array, maxBins: number) {
  const { lowest, highest } = binEdges([column], maxBins);
  const sorted = column.slice().sort();
  let at = 0;
  return Array.from(lowest[0], (low, bin) => {
    const start = at;
    while (at < sorted.length && sorted[at] <= highest[0][bin]) at++;
    return { low, high: highest[0][bin], rows: at - start };
  });
}

/** `zeros` rows of 0, the others evenly spaced from `from` to `to`. */
const spike = (rows: number, zeros: number, from: number, to: number): Float32Array =>
  Float32Array.from({ length: rows }, (_, i) => (i < zeros ? 0 : from + ((to - from) * (i - zeros)) / (rows - zeros)));

describe('binEdges', () => {
  it('gives every value a bin of its own where there are enough', () => {
    expect(binsOf(Float32Array.of(3, 1, -0, 0, 3), 3)).toEqual([
      { low: 0, high: 0, rows: 2 },
      { low: 1, high: 1, rows: 1 },
      { low: 3, high: 3, rows: 2 },
    ]);
  });

  it('fills bins evenly where all values differ', () => {
    const bins = binsOf(
      Float32Array.from({ length: 1_000 }, (_, i) => i),
      256,
    );
    expect(bins).toHaveLength(256);
    expect(new Set(bins.map(({ rows }) => rows))).toEqual(new Set([3, 4]));
  });

  it.each([0.97, 0.99])('spends one bin on a value that %d of the rows have', (share) => {
    const rows = 100_000;
    const zeros = Math.round(share * rows);
    for (const maxBins of [256, 1_024]) {
      const light = (rows - zeros) / (maxBins - 1);
      for (const column of [spike(rows, zeros, 1, 2), spike(rows, zeros, -2, -1), spike(rows, zeros, -1, 1.003)]) {
        const others = binsOf(column, maxBins).filter(({ low, high }) => low !== 0 || high !== 0);
        expect(others).toHaveLength(Math.min(maxBins - 1, rows - zeros));
        expect(Math.max(...others.map((bin) => bin.rows))).toBeLessThanOrEqual(Math.ceil(light) + 1);
      }
    }
  });

  it('spends one bin on each of several heavy values, of different weight, wherever they lie', () => {
    const heavy = [-1_000, -5.5, 0, 0.25, 7, 7.125, 1e6];
    const column = Float32Array.from({ length: 20_000 }, (_, i) =>
      i % 100 < 80 ? heavy[Math.floor(Math.log2(1 + (i % 100)))] : ((i * 7_919) % 20_000) / 1_000 - 10,
    );
    const bins = binsOf(column, 256);
    for (const value of heavy) expect(bins.filter(({ low, high }) => low === value && high === value)).toHaveLength(1);
    expect(bins.length).toBeGreaterThan(250);
  });

  it('uses nearly all bins, none of them too full but for one heavy value, whatever the values weigh', () => {
    const tables = fc.record({
      seed: fc.nat(),
      rows: fc.integer({ min: 1, max: 3_000 }),
      maxBins: fc.integer({ min: 4, max: 64 }),
      heavy: fc.integer({ min: 0, max: 60 }),
      light: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(tables, ({ seed, rows, maxBins, heavy, light }) => {
        const random = new RandomStream(seed, 1);
        const value = (): number =>
          heavy === 0 || random.uniform() < light
            ? 40 * random.uniform() - 20
            : Math.floor(heavy * random.uniform() ** 3) - 20;
        const column = Float32Array.from({ length: rows }, value);
        const bins = binsOf(column, maxBins);
        expect(bins.length).toBeLessThanOrEqual(maxBins);
        expect(bins.length).toBeGreaterThanOrEqual(0.8 * Math.min(new Set(column).size, maxBins));
        expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows);
        const counts = new Map<number, number>();
        for (const one of column) counts.set(one, (counts.get(one) ?? 0) + 1);
        bins.forEach(({ low, high, rows: own }, i) => {
          expect(low).toBeLessThanOrEqual(high);
          if (i > 0) expect(bins[i - 1].high).toBeLessThan(low);
          const heaviest = Math.max(...[...counts].map(([one, count]) => (low <= one && one <= high ? count : 0)));
          expect(own - heaviest).toBeLessThanOrEqual((2 * rows) / maxBins + 1);
        });
      }),
    );
  });
});
