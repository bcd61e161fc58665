import fc from 'fast-check';
import { KEEP_NOTHING, type KeepRules, RowTexts } from './row-texts.js';
import type { LogChunk } from './log-chunk.js';
import { RecordRows } from './record-rows.js';
import { RecordText } from './record-text.js';

const LABELS = ['0', 'yes', 'né"\\\n'];
const KEEP: KeepRules[] = [
  KEEP_NOTHING,
  { ...KEEP_NOTHING, slices: ['x'] },
  { ...KEEP_NOTHING, rows: 'all' },
  { ...KEEP_NOTHING, rows: 'sample', share: 0.5, slices: ['x'] },
];
const INPUTS = [{ name: 'x', type: 'float', nullable: true }] as const;

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });
const score = fc.oneof(fc.float({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 1e-9), float32);
const row = fc.record({
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  score,
  place: fc.nat(LABELS.length - 1),
  value: fc.double({ noDefaultInfinity: true, noNaN: true }),
  x: fc.double(),
  external: fc.option(fc.string()),
});
const chunk = fc
  .record({
    rows: fc.array(row, { minLength: 1, maxLength: 20 }),
    isNumber: fc.boolean(),
    isNamed: fc.boolean(),
    model: fc.string(),
  })
  .map(({ rows, isNumber, isNamed, model }): LogChunk => ({
    model,
    version: '1',
    labels: isNumber ? [] : LABELS,
    rows: rows.length,
    calls: 1,
    ids: Uint8Array.from(rows.flatMap(({ id }) => [...id])),
    classes: Uint16Array.from(rows, ({ place }) => place),
    scores: Float32Array.from(rows, ({ score }) => score),
    ...(isNumber && { values: Float64Array.from(rows, ({ value }) => value) }),
    columns: [Float64Array.from(rows, ({ x }) => x)],
    ...(isNamed && { externalIds: rows.map(({ external }) => external) }),
  }));

const LISTS = [
  'ids',
  'externalIds',
  'models',
  'versions',
  'predictions',
  'scores',
  'slices',
  'raw',
  'weights',
] as const;
const asFloat32 = (scores: readonly (number | null)[]): (number | null)[] =>
  scores.map((score) => (score === null ? null : Math.fround(score) + 0));

/** The same for all: what it held before must not show. */
const text = new RecordText();

it('writes the JSON of its lists, but those of nothing; scores read back as the same float32', () => {
  fc.assert(
    fc.property(fc.array(chunk, { minLength: 1, maxLength: 4 }), fc.constantFrom(...KEEP), (chunks, keep) => {
      const texts = new RowTexts(INPUTS, keep);
      const rows = new RecordRows(chunks, text, () => texts);
      const read = JSON.parse(rows.json('', '').toString()) as Partial<Record<(typeof LISTS)[number], unknown[]>>;
      const nothing = rows.ids.map(() => null);
      const written = Object.fromEntries(LISTS.map((name) => [name, read[name] ?? nothing]));
      written.scores = asFloat32(written.scores as number[]);
      expect(written).toEqual({
        ...Object.fromEntries(LISTS.map((name) => [name, rows[name]])),
        scores: asFloat32(rows.scores),
      });
    }),
    { numRuns: 300 },
  );
});

it('writes any score so that it reads back as the same float32', () => {
  const bits = fc.integer({ min: 0, max: 0x7f7fffff });
  const near = fc.integer({ min: 0x3a000000, max: 0x3f800001 });
  fc.assert(
    fc.property(fc.array(fc.oneof(bits, near), { minLength: 1, maxLength: 50 }), (some) => {
      const scores = new Float32Array(Uint32Array.from(some).buffer);
      const rows = scores.length;
      const lists = { ids: new Uint8Array(16 * rows), classes: new Uint16Array(rows), scores, columns: [] };
      const chunk = { model: 'm', version: '1', labels: LABELS, rows, calls: 1, ...lists };
      const json = new RecordRows([chunk], text).json('', '');
      const read = JSON.parse(json.toString()) as { scores: number[] };
      expect(Float32Array.from(read.scores)).toEqual(scores);
    }),
    { numRuns: 1_000 },
  );
});

it.each([1_023, 1_024, 1_025, 4_096])('writes %d rows of a chunk', (count) => {
  const ids = Uint8Array.from({ length: 16 * count }, (_, i) => (i * 41 + (i >> 4)) % 256);
  const scores = Float32Array.from({ length: count }, (_, i) => (i % 5 === 0 ? 1e-9 * i : i / count));
  const classes = Uint16Array.from({ length: count }, (_, i) => i % LABELS.length);
  const chunk = { model: 'm', version: '1', labels: LABELS, rows: count, calls: 1, ids, scores, classes, columns: [] };
  const rows = new RecordRows([chunk, chunk], text);
  const read = JSON.parse(rows.json('', '').toString()) as Record<string, unknown[]>;
  expect(read.ids).toEqual(rows.ids);
  expect(read.predictions).toEqual(rows.predictions);
  expect(Float32Array.from(read.scores as number[])).toEqual(Float32Array.from(rows.scores as number[]));
});

it('writes the ids of its rows as UUIDs', () => {
  const ids = Uint8Array.from(Buffer.from('019ac8b17d3e7c469a1f2f0d5b8e6c11019ac8b17d3e7c469a1f2f0d5b8e6cff', 'hex'));
  const lists = { ids, classes: Uint16Array.of(0, 1), scores: Float32Array.of(0.5, 0.25), columns: [] };
  const json = new RecordRows([{ model: 'm', version: '7', labels: LABELS, rows: 2, calls: 2, ...lists }]).json(
    '[',
    '\n',
  );
  expect(json.toString()).toBe(
    '[{"ids":["019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11","019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6cff"],' +
      '"models":["m","m"],"versions":["7","7"],"predictions":["0","yes"],"scores":[0.5000000000,0.2500000000]}\n',
  );
});
