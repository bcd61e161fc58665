import fc from 'fast-check';
import { writeRows } from './write-rows.js';
import { roundProbability } from '../../prediction-format.js';
import type { StampedBatch } from '../../prediction.service.js';

const TIMESTAMP = '2026-11-23T10:00:00.000Z';

const idOf = (row: number): string => `00000000-0000-0000-0000-${row.toString(16).padStart(12, '0')}`;

function batchOf(
  labels: readonly (number | string)[],
  probabilities: readonly number[],
  model_version = 'forest:1',
): StampedBatch {
  const classIndices = Uint16Array.from(probabilities, (_, i) => i % labels.length);
  return {
    ids: Buffer.from(Array.from(probabilities, (_, i) => idOf(i).replaceAll('-', '')).join(''), 'hex'),
    withIds: false,
    labels,
    classIndices,
    probabilities: Float32Array.from(probabilities),
    model_version,
    timestamp: TIMESTAMP,
  };
}

/** The same answer from plain objects. */
function reference({ labels, classIndices, probabilities, model_version, timestamp }: StampedBatch): string {
  const predictions = Array.from(probabilities, (probability, i) => ({
    prediction: labels[classIndices[i]],
    probability: roundProbability(probability),
    model_version,
    timestamp,
    prediction_id: idOf(i),
  }));
  return JSON.stringify({ predictions, count: predictions.length });
}

const written = (batch: StampedBatch): string => [...writeRows(batch)].join('');

describe('writeRows', () => {
  it('writes one row', () => {
    expect(written(batchOf([0, 1], [0.25]))).toBe(
      '{"predictions":[{"prediction":0,"probability":0.25,"model_version":"forest:1","timestamp":"2026-11-23T10:00:00.000Z","prediction_id":"00000000-0000-0000-0000-000000000000"}],"count":1}',
    );
  });

  it('writes every probability as JavaScript does', () => {
    const probabilities = [
      0, 1, 1e-7, 5e-7, 1e-6, 0.1, 0.5, 0.25, 0.999_999, 0.999_999_9, 0.000_01, 0.120_3, -0.5, 1.5, 1e9,
    ];
    const all = [...probabilities, ...Array.from({ length: 20_000 }, (_, i) => i / 20_000)];
    const batch = batchOf([0, 1], all);
    expect(written(batch)).toBe(reference(batch));
  });

  it('writes what JSON.stringify writes for the same objects, any labels', () => {
    const label = fc.oneof(
      fc.integer(),
      fc.string({ unit: fc.constantFrom('"', '\\', '\n', 'é', '😀', '\ud800', '\u2028', 'x', ' ') }),
    );
    const labels = fc.array(label, { minLength: 1, maxLength: 5 });
    const probabilities = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(labels, probabilities, fc.string(), (...parts) => {
        const batch = batchOf(...parts);
        expect(written(batch)).toBe(reference(batch));
      }),
    );
  });

  it.each([2_047, 2_048, 2_049, 4_096, 4_097, 10_000])('writes %d rows piece by piece', (rows) => {
    const batch = batchOf(
      ['no', 'yes', 'perhaps'],
      Array.from({ length: rows }, (_, i) => (i * 7.3) % 1),
    );
    const pieces = [...writeRows(batch)];
    expect(pieces).toHaveLength(Math.ceil(rows / 2_048) + 1);
    expect(pieces.join('')).toBe(reference(batch));
  });
});
