import { jsonTail } from '../../include/write-shares.js';
import { answerWriter, countOf } from '../../answer-writer.js';
import { lineStart, VALUE_START } from '../ndjson/ndjson.format.js';
import type { StampedBatch } from '../../prediction.service.js';

const ROWS_PER_PIECE = 2_048;

/** Writes a batch's answer as JSON text, piece by piece, without building an object per row. */
export function* writeRows(batch: StampedBatch): Generator<string> {
  const answer = answerWriter(batch, lineStart, VALUE_START);
  const after = `,"model_version":${JSON.stringify(batch.model_version)},"timestamp":"${batch.timestamp}"`;
  const tailOf = jsonTail(batch);
  const count = countOf(batch);
  for (let start = 0; start < count; start += ROWS_PER_PIECE) {
    let piece = start === 0 ? '{"predictions":[' : '';
    const end = Math.min(start + ROWS_PER_PIECE, count);
    for (let i = start; i < end; i++) {
      piece += `${i === 0 ? '' : ','}${answer(i)}${after}${tailOf(i)}}`;
    }
    yield end === count ? `${piece}],"count":${count}}` : piece;
  }
}
