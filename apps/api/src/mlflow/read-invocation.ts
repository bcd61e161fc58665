import { isUtf8 } from 'node:buffer';
import { parsePythonJson } from '../http/parse-python-json.js';
import { Problem } from '../problem/problem.js';
import { badFormat } from './formats/columns.js';
import { fromCsv } from './formats/csv.js';
import { fromRecords } from './formats/dataframe-records.js';
import { fromDataframeSplit } from './formats/dataframe-split.js';
import { fromInputs, fromInstances } from './formats/tf-serving.js';

const JSON_FORMATS: Readonly<Record<string, (value: unknown) => unknown[]>> = {
  dataframe_split: fromDataframeSplit,
  dataframe_records: (value) => fromRecords(value, 'dataframe_records'),
  instances: fromInstances,
  inputs: fromInputs,
};

const FORMAT_NAMES = Object.keys(JSON_FORMATS);

/** The input field of a JSON body. `params` are for models that take some; here they have no effect, as in MLflow. */
function readJson(body: Buffer): unknown[] {
  const value = parsePythonJson(body);
  const due = `The input must be a JSON object with exactly one of the input fields ${FORMAT_NAMES.join(', ')}`;
  if (typeof value !== 'object' || value === null) throw badFormat(`${due}; received ${JSON.stringify(value)}`);
  if (Array.isArray(value)) throw badFormat(`${due}; received an array`);
  const fields = Object.keys(value).filter((name) => name !== 'params');
  if (fields.length !== 1 || !FORMAT_NAMES.includes(fields[0])) {
    throw badFormat(`${due}; received the fields: ${fields.join(', ') || 'none'}`);
  }
  return JSON_FORMATS[fields[0]]((value as Record<string, unknown>)[fields[0]]);
}

/** @throws Problem `unsupported-media-type` where MLflow answers 415 */
function mediaType(header: string | undefined): 'application/json' | 'text/csv' {
  if (header === undefined) return 'application/json';
  const [type, ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json' && type !== 'text/csv') {
    throw new Problem(
      'unsupported-media-type',
      `This predictor only supports the following content types: Types: ['text/csv', 'application/json']. Got '${header}'.`,
    );
  }
  const unread = parameters.find((parameter) => !/^charset="?utf-?8"?$/.test(parameter));
  if (unread?.startsWith('charset=')) {
    throw new Problem('unsupported-media-type', 'The scoring server only supports UTF-8');
  }
  if (unread) throw new Problem('unsupported-media-type', `Unrecognized content type parameters: ${unread}.`);
  return type;
}

/**
 * Reads what MLflow's `/invocations` takes as rows, not yet checked against the model.
 *
 * @throws Problem `unsupported-media-type`, `malformed-json` or `bad-request`
 */
export async function readInvocation(
  body: Buffer,
  contentType: string | undefined,
  maxRows: number,
): Promise<unknown[]> {
  const type = mediaType(contentType);
  if (!isUtf8(body)) throw badFormat('The body is not UTF-8');
  return type === 'text/csv' ? fromCsv(body, maxRows) : readJson(body);
}
