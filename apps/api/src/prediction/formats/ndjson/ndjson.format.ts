import { Problem } from '../../../problem/problem.js';
import type { StampedBatch } from '../../prediction.service.js';
import type { BatchFormat } from '../batch-format.js';
import { answerWriter, countOf } from '../../answer-writer.js';
import { jsonTail } from '../../include/write-shares.js';
import { textRows } from '../text-rows.js';

/** The part of a line after the probability. */
export const lineTail = ({ model_version, timestamp }: Pick<StampedBatch, 'model_version' | 'timestamp'>): string =>
  `,"model_version":${JSON.stringify(model_version)},"timestamp":"${timestamp}"`;

export const LINE_END = '}\n';

/** The part of a line up to the probability. */
export const lineStart = (label: number | string): string => `{"prediction":${JSON.stringify(label)},"probability":`;

/** The same for a regression, up to its number. */
export const VALUE_START = '{"prediction":';

/** One JSON text per line. Answers to batches are written here; NDJSON requests are handled by the stream. */
export const NDJSON_FORMAT: BatchFormat = {
  mediaTypes: ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
  contentType: 'application/x-ndjson; charset=utf-8',
  read() {
    throw new Problem('unsupported-media-type', 'NDJSON is read line by line, not as a whole.');
  },
  write: (batch) =>
    textRows(countOf(batch), answerWriter(batch, lineStart, VALUE_START), lineTail(batch), LINE_END, jsonTail(batch)),
};
