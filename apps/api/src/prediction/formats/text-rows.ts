import type { RowWriter } from '../include/write-shares.js';

const ROWS_PER_PIECE = 2_048;

/**
 * Writes a batch's answer as one text per row, in pieces: the model's answer, `after`, `end`.
 * @param shares the text between `after` and `end`, if requested
 */
export function* textRows(
  count: number,
  answer: RowWriter,
  after: string,
  end: string,
  shares?: RowWriter,
): Generator<string> {
  const tail = after + end;
  for (let start = 0; start < count; start += ROWS_PER_PIECE) {
    let piece = '';
    const stop = Math.min(start + ROWS_PER_PIECE, count);
    for (let i = start; i < stop; i++) {
      piece += `${answer(i)}${shares ? after + shares(i) + end : tail}`;
    }
    yield piece;
  }
}
