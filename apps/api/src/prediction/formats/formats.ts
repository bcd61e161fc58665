import { Problem } from '../../problem/problem.js';
import { ARROW_FORMAT } from './arrow/arrow.format.js';
import type { BatchFormat } from './batch-format.js';
import { CSV_FORMAT } from './csv/csv.format.js';
import { JSON_FORMAT } from './json/json.format.js';
import { NDJSON_FORMAT } from './ndjson/ndjson.format.js';

export const FORMATS: readonly BatchFormat[] = [JSON_FORMAT, NDJSON_FORMAT, CSV_FORMAT, ARROW_FORMAT];

const NAMES = FORMATS.map(({ mediaTypes }) => mediaTypes[0]).join(', ');

/** Types such as `application/problem+json` are JSON too. */
const JSON_SUFFIX = /^application\/[\w.-]+\+json$/;

/**
 * The format of a body; JSON if it has no Content-Type.
 *
 * @throws Problem `unsupported-media-type`
 */
export function bodyFormat(contentType: string | undefined): BatchFormat {
  if (contentType === undefined) return JSON_FORMAT;
  const essence = contentType.split(';', 1)[0].trim().toLowerCase();
  const format = JSON_SUFFIX.test(essence)
    ? JSON_FORMAT
    : FORMATS.find(({ mediaTypes }) => mediaTypes.includes(essence));
  if (format) return format;
  throw new Problem('unsupported-media-type', `Content-Type "${contentType}" is not supported here; send ${NAMES}.`);
}

/**
 * The format of an answer: the body's own if the caller accepts it.
 *
 * @param accepts returns the media type that the caller prefers, the first of equals; false for none
 * @throws Problem `not-acceptable`
 */
export function answerFormat(
  own: BatchFormat,
  available: readonly BatchFormat[],
  accepts: (types: string[]) => string | false,
): BatchFormat {
  const ordered = [own, ...available.filter((format) => format !== own)];
  const accepted = accepts(ordered.flatMap(({ mediaTypes }) => mediaTypes));
  const format = ordered.find(({ mediaTypes }) => accepted !== false && mediaTypes.includes(accepted));
  if (format) return format;
  const names = ordered.map(({ mediaTypes }) => mediaTypes[0]).join(', ');
  throw new Problem('not-acceptable', `The answer can be ${names}; name one of them, or */*, in Accept.`);
}
