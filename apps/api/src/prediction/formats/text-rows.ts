import type { RowWriter } from '../include/write-shares.js';
import { roundProbability } from '../prediction-format.js';
import type { StampedBatch } from '../prediction.service.js';

const ROWS_PER_PIECE = 2_048;

/**
 * Writes a batch's answer as one text per row, piece by piece: `before` by label, the probability, `after`, `end`.
 *
 * @param before text of a row up to its probability, one for each label
 * @param shares what stands between `after` and `end`, where that is asked for
 */
export function* textRows(
  { classIndices, probabilities }: Pick<StampedBatch, 'classIndices' | 'probabilities'>,
  before: readonly string[],
  after: string,
  end: string,
  shares?: RowWriter,
): Generator<string> {
  const tail = after + end;
  for (let start = 0; start < probabilities.length; start += ROWS_PER_PIECE) {
    let piece = '';
    const stop = Math.min(start + ROWS_PER_PIECE, probabilities.length);
    for (let i = start; i < stop; i++) {
      piece += `${before[classIndices[i]]}${roundProbability(probabilities[i])}${shares ? after + shares(i) + end : tail}`;
    }
    yield piece;
  }
}
