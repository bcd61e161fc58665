import type { RawSchema } from '#schema';
import fc from 'fast-check';
import { KEEP_NOTHING, RowTexts } from './row-texts.js';

const INPUTS: RawSchema = [
  { name: 'x"', type: 'float', nullable: true },
  { name: 'contract', type: 'category', codes: 'text', values: ['month', 'year'], unknown: 'other', nullable: false },
  { name: 'secret', type: 'integer', nullable: false },
];
const ids = Buffer.from(Array.from({ length: 16 * 1_000 }, (_, i) => (i * 7_919 + (i >> 4) * 31) % 256));

it('writes rows that read back as the same numbers, without what is excluded', () => {
  const texts = new RowTexts(INPUTS, {
    ...KEEP_NOTHING,
    rows: 'all',
    slices: ['contract', 'secret'],
    excluded: ['secret'],
  });
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true }), (x) => {
      const columns = [[x], [1], [42]];
      const { raw, weight } = texts.rawOf(columns, 0, ids)!;
      const row = JSON.parse(raw) as Record<string, unknown>;
      expect(Object.keys(row)).toEqual(['x"', 'contract']);
      expect(Object.is(row['x"'] ?? NaN, x)).toBe(true);
      expect([row.contract, weight, texts.slices!(columns, 0)]).toEqual(['year', 1, '{"contract":"year"}']);
    }),
  );
});

it('a sample keeps the same rows whoever asks, about so many, with the weight of those that it stands for', () => {
  const texts = new RowTexts(INPUTS, { ...KEEP_NOTHING, rows: 'sample', share: 0.25 });
  const columns = [new Float64Array(1_000), new Float64Array(1_000), new Float64Array(1_000)];
  const kept = Array.from({ length: 1_000 }, (_, row) => texts.rawOf(columns, row, ids)).filter(Boolean);
  expect(kept.length + texts.leftOut(ids, 1_000)).toBe(1_000);
  expect(Math.abs(kept.length - 250)).toBeLessThan(60);
  expect(kept[0]!.weight).toBe(4);
});

it('keeps nothing unless it is told to', () => {
  expect(new RowTexts(INPUTS, KEEP_NOTHING).isNothing).toBe(true);
});
