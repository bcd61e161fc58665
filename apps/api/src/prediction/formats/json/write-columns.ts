import type { ClassLabel } from '#bundle';
import { idText } from '#runtime';
import { countOf } from '../../answer-writer.js';
import { roundProbability } from '../../prediction-format.js';
import type { StampedBatch } from '../../prediction.service.js';

const VALUES_PER_PIECE = 8_192;

/** Writes an array of `count` values, piece by piece. */
function* writeArray(count: number, valueOf: (row: number) => string | number): Generator<string> {
  for (let start = 0; start < count; start += VALUES_PER_PIECE) {
    let piece = start === 0 ? '[' : '';
    const end = Math.min(start + VALUES_PER_PIECE, count);
    for (let row = start; row < end; row++) piece += row === 0 ? valueOf(row) : `,${valueOf(row)}`;
    yield piece;
  }
  yield ']';
}

/** One array per class. */
function* writeShares(labels: readonly ClassLabel[], scores: Float32Array): Generator<string> {
  const width = labels.length;
  yield ',"probabilities":{';
  for (let c = 0; c < width; c++) {
    yield `${c === 0 ? '' : ','}${JSON.stringify(String(labels[c]))}:`;
    yield* writeArray(scores.length / width, (row) => roundProbability(scores[row * width + c]));
  }
  yield '}';
}

/** Writes a batch's answer as one array per field; what all rows share stands once. */
export function* writeColumns(batch: StampedBatch): Generator<string> {
  const { ids, labels, classIndices, probabilities, scores, values, model_version, timestamp, withIds } = batch;
  const count = countOf(batch);
  const labelTexts = labels.map((label) => JSON.stringify(label));
  yield '{"columns":{"prediction":';
  yield* writeArray(count, values ? (row) => values[row] : (row) => labelTexts[classIndices[row]]);
  if (!values) {
    yield ',"probability":';
    yield* writeArray(count, (row) => roundProbability(probabilities[row]));
  }
  if (withIds) {
    yield ',"prediction_id":';
    yield* writeArray(count, (row) => `"${idText(ids, row)}"`);
  }
  if (scores) yield* writeShares(labels, scores);
  yield `},"count":${count},"model_version":${JSON.stringify(model_version)},"timestamp":"${timestamp}"}`;
}
