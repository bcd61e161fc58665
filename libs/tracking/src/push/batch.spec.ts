import fc from 'fast-check';
import type { TrackingRecord } from '../records.js';
import { checkBatch, type StubBatch } from '../testing/stub-store.js';
import { batchEnd, batchOf, metricEntities } from './batch.js';

const record = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constant<TrackingRecord>({ type: 'metric', key: 'k'.repeat(250), value: 1, timestamp: 1, step: 1 }),
  },
  {
    weight: 1,
    arbitrary: fc.nat(300).map((i): TrackingRecord => ({ type: 'tag', key: `t${i}`, value: '🌲'.repeat(2_500) })),
  },
  { weight: 1, arbitrary: fc.string().map((value): TrackingRecord => ({ type: 'param', key: 'p', value })) },
);
const END: TrackingRecord = { type: 'end', status: 'FINISHED', endTime: 0 };

function bodyOf(records: readonly TrackingRecord[]): string {
  const { metrics, params, tags } = batchOf(records);
  return JSON.stringify({ run_id: 'r'.repeat(36), metrics: metricEntities(metrics), params, tags });
}

function isTaken(records: readonly TrackingRecord[]): boolean {
  const body = bodyOf(records);
  const tags = records.flatMap((one) => (one.type === 'tag' ? [one.key] : []));
  try {
    checkBatch(JSON.parse(body) as StubBatch, Buffer.byteLength(body) + 1_000);
    return new Set(tags).size === tags.length;
  } catch {
    return false;
  }
}

describe('batchEnd', () => {
  it('makes batches that MLflow takes, as large as may be', () => {
    const records = fc.array(record, { minLength: 1, maxLength: 2_500, size: 'max' }).map((all) =>
      // Each param once, as `Run` ensures.
      all.map((one, i): TrackingRecord => (one.type === 'param' ? { ...one, key: `p${i}` } : one)),
    );
    fc.assert(
      fc.property(records, (all) => {
        for (let from = 0, to; from < all.length; from = to) {
          to = batchEnd(all, from, Infinity);
          expect(to).toBeGreaterThan(from);
          expect(isTaken(all.slice(from, to))).toBe(true);
          expect(to === all.length || !isTaken(all.slice(from, to + 1))).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('ends at records of another kind, and at a number asked for', () => {
    const metric: TrackingRecord = { type: 'metric', key: 'k', value: 1, timestamp: 1, step: 1 };
    expect(batchEnd([metric, metric, END, metric], 0, Infinity)).toBe(2);
    expect(batchEnd([metric, metric, END, metric], 0, 1)).toBe(1);
  });
});
