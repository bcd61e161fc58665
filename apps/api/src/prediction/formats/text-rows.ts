import { roundProbability } from '../prediction-format.js';
import type { StampedBatch } from '../prediction.service.js';

const ROWS_PER_PIECE = 2_048;

/**
 * Writes a batch's answer as one text per row, piece by piece: `before` by label, the probability, `after`.
 *
 * @param before text of a row up to its probability, one for each label
 */
export function* textRows(
  { classIndices, probabilities }: Pick<StampedBatch, 'classIndices' | 'probabilities'>,
  before: readonly string[],
  after: string,
): Generator<string> {
  for (let start = 0; start < probabilities.length; start += ROWS_PER_PIECE) {
    let piece = '';
    const end = Math.min(start + ROWS_PER_PIECE, probabilities.length);
    for (let i = start; i < end; i++) {
      piece += `${before[classIndices[i]]}${roundProbability(probabilities[i])}${after}`;
    }
    yield piece;
  }
}
