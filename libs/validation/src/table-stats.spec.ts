import { temporaryFolder } from '#testing';
import { baselineOf } from '#bundle';
import { TINY_HEADER, TINY_SCHEMA, validateText } from './testing/tiny-data.js';

const folder = temporaryFolder();
const statisticsOf = async (rows: string) => (await validateText(folder, TINY_HEADER + rows)).statistics;

describe('reference_stats.json', () => {
  it("describes columns as a bundle's baseline does", async () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({ x: Math.sqrt(i) / 3, n: i % 7 === 0 ? null : i % 11 }));
    const { columns } = await statisticsOf(rows.map(({ x, n }) => `${x},${n ?? ''},a\n`).join(''));
    const baseline = baselineOf(TINY_SCHEMA, rows);
    for (const name of ['x', 'n']) {
      const { count, mean, standard_deviation, quantiles, ...rest } = columns[name];
      const expected = baseline.columns[name];
      const { missing, histogram, frequencies } = expected;
      expect(rest).toEqual({ missing, histogram, ...(name === 'n' && { frequencies }) });
      expect(count).toBe(200 - expected.missing);
      expect(mean).toBeCloseTo(expected.mean, 12);
      expect(standard_deviation).toBeCloseTo(expected.standard_deviation, 12);
      quantiles.forEach((value, i) => expect(value).toBeCloseTo(expected.quantiles[i], 12));
    }
  });

  it('counts what is no finite number as missing, and leaves a column without any out', async () => {
    const { rows, columns } = await statisticsOf('1,,a\nnan,,b\nabc,,a\n,,b\n3,,a\n');
    expect(rows).toBe(5);
    expect(Object.keys(columns)).toEqual(['x']);
    expect(columns.x).toMatchObject({ count: 2, missing: 3, mean: 2, standard_deviation: 1 });
  });

  it('holds numbers even of columns that span all of float64', async () => {
    const { columns } = await statisticsOf('-1e308,1,a\n1e308,2,b\n');
    expect(columns.x.mean).toBe(0);
    expect(columns.x.standard_deviation / 1e308).toBeCloseTo(1, 12);
    expect(columns.x.histogram.counts).toEqual([1, ...Array<number>(18).fill(0), 1]);
  });
});
