import { jsonTail } from '../../include/write-shares.js';
import { answerWriter, countOf } from '../../answer-writer.js';
import { lineStart, lineTail, VALUE_START } from '../ndjson/ndjson.format.js';
import type { StampedBatch } from '../../prediction.service.js';
import { answerKernel, type AnswerTexts, PIECE_ROWS } from './answer-kernel.js';

const START = '{"predictions":[';

/** Writes rows `[from, to)` behind `start`, with a comma before each but the first of all. */
type PieceWriter = (from: number, to: number, start: string) => string | Buffer;

/** Writes a batch's answer as JSON text, piece by piece, without building an object per row. */
export function* writeRows(batch: StampedBatch): Generator<string | Buffer> {
  const count = countOf(batch);
  const write = batch.values || batch.scores ? textWriter(batch) : plainWriter(batch);
  for (let from = 0; from < count; from += PIECE_ROWS) {
    yield write(from, Math.min(from + PIECE_ROWS, count), from === 0 ? START : '');
  }
  yield `],"count":${count}}`;
}

/** Rows of a label, its probability and an id. */
function plainWriter(batch: StampedBatch): PieceWriter {
  const heads = batch.labels.map(lineStart);
  const texts: AnswerTexts = { heads, middle: `${lineTail(batch)},"prediction_id":"`, tail: '"}' };
  return (from, to, start) => answerKernel().write(texts, batch, from, to, start) ?? textWriter(batch)(from, to, start);
}

/** Rows of a regression, or with the probabilities of all classes. */
function textWriter(batch: StampedBatch): PieceWriter {
  const answer = answerWriter(batch, lineStart, VALUE_START);
  const after = lineTail(batch);
  const tailOf = jsonTail(batch);
  return (from, to, start) => {
    let piece = start;
    for (let i = from; i < to; i++) piece += `${i === 0 ? '' : ','}${answer(i)}${after}${tailOf(i)}}`;
    return piece;
  };
}
