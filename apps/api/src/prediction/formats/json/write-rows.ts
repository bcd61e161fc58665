import { jsonTail } from '../../include/write-shares.js';
import { answerWriter, countOf } from '../../answer-writer.js';
import { lineStart, lineTail, VALUE_START } from '../ndjson/ndjson.format.js';
import type { StampedBatch } from '../../prediction.service.js';
import { rowBytes } from './row-bytes.js';

const ROWS_PER_PIECE = 2_048;
const START = '{"predictions":[';

/** Writes a batch's answer as JSON text, piece by piece, without building an object per row. */
export function* writeRows(batch: StampedBatch): Generator<string> {
  const count = countOf(batch);
  const write = batch.values || batch.scores ? textWriter(batch) : plainWriter(batch);
  for (let from = 0; from < count; from += ROWS_PER_PIECE) {
    yield write(from, Math.min(from + ROWS_PER_PIECE, count), from === 0 ? START : '');
  }
  yield `],"count":${count}}`;
}

/** Rows of a label, its probability and an id. */
const plainWriter = (batch: StampedBatch): ReturnType<typeof rowBytes> =>
  rowBytes(batch, batch.labels.map(lineStart), `${lineTail(batch)},"prediction_id":"`, '"}');

/** Rows of a regression, or with the probabilities of all classes. */
function textWriter(batch: StampedBatch) {
  const answer = answerWriter(batch, lineStart, VALUE_START);
  const after = lineTail(batch);
  const tailOf = jsonTail(batch);
  return (from: number, to: number, start: string): string => {
    let piece = start;
    for (let i = from; i < to; i++) piece += `${i === 0 ? '' : ','}${answer(i)}${after}${tailOf(i)}}`;
    return piece;
  };
}
