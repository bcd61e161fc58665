import type { BatchPrediction } from '#runtime';
import { ReplayComparison, type LoggedRow } from './comparison.js';

const rowOf = (id: string, prediction: string, score: number | null = null): LoggedRow => ({
  id,
  version: '1',
  prediction,
  score,
});

const NONE = { ids: Buffer.alloc(0), labels: [], classIndices: new Uint16Array(), probabilities: new Float32Array() };

it('counts numbers that differ by at most a millionth as equal', () => {
  const comparison = new ReplayComparison([]);
  const values = Float64Array.of(1_000_000.5, 2_000_004, 0, -3);
  const rows = ['1000000', '2000000', '0', '3'].map((prediction, n) => rowOf(`row ${n}`, prediction));
  comparison.add(rows, { ...NONE, values });
  expect(comparison).toMatchObject({ rows: 4, agreed: 2, largest: { by: 6, prediction_id: 'row 3' } });
});

it('compares the score of the positive class (binary), or of the predicted class (multiclass)', () => {
  const answersOf = (classIndices: number[], scores: number[]): BatchPrediction => ({
    ...NONE,
    classIndices: Uint16Array.from(classIndices),
    scores: Float32Array.from(scores),
  });
  const two = new ReplayComparison([0, 1]);
  two.add([rowOf('a', '0', 0.25), rowOf('b', '1', 0.75)], answersOf([0, 0], [0.75, 0.25, 0.625, 0.375]));
  expect(two).toMatchObject({ rows: 2, agreed: 1, largest: { by: 0.375, prediction_id: 'b' } });
  const three = new ReplayComparison(['x', 'y', 'z']);
  three.add(
    [rowOf('a', 'y', 0.5), rowOf('b', 'gone', 0.9), rowOf('c', 'z')],
    answersOf([0, 0, 2], [0.75, 0.25, 0, 1, 0, 0, 0, 0, 1]),
  );
  expect(three).toMatchObject({ rows: 3, agreed: 1, largest: { by: 0.25, prediction_id: 'a' } });
  expect([...three.answeredBy]).toEqual([['1', 3]]);
});
