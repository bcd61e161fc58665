import { received } from '#kit';
import type { BodyParts } from '../http/body-parts.js';
import { isObject } from '../http/is-object.js';
import type { JsonOptions } from '../http/json/json-reader.js';
import { readJson } from '../http/json/read-json.js';
import { type Include, readInclude } from '../prediction/include/include.js';
import { Problem } from '../problem/problem.js';
import { badFormat } from './formats/columns.js';

const FIELDS = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;

/** The request of `/invocations`: CSV, or one input field of a JSON object. */
export type Invocation =
  | { readonly field: 'csv'; readonly value: BodyParts; readonly include?: Include }
  | { readonly field: (typeof FIELDS)[number]; readonly value: unknown; readonly include?: Include };

/**
 * The parts that `params.include` requests. Other params are for models that accept them; here they have no effect, as
 * in MLflow.
 */
const includeOf = (params: unknown): Include =>
  readInclude(isObject(params) ? params.include : undefined, 'params.include');

/** The input field of a JSON body. */
async function readFields(body: BodyParts, sinkOf: JsonOptions['sinkOf']): Promise<Invocation> {
  const value = await readJson(body, { nonFinite: true, sinkOf });
  const due = `The input must be a JSON object with exactly one of the input fields ${FIELDS.join(', ')}`;
  if (typeof value !== 'object' || value === null)
    throw badFormat(`${due}; received ${JSON.stringify(received(value))}`);
  if (Array.isArray(value)) throw badFormat(`${due}; received an array`);
  const names = Object.keys(value).filter((name) => name !== 'params');
  const field = FIELDS.find((known) => known === names[0]);
  if (names.length !== 1 || !field) throw badFormat(`${due}; received the fields: ${names.join(', ') || 'none'}`);
  const fields = value as Record<string, unknown>;
  return { field, value: fields[field], include: includeOf(fields.params) };
}

/** @throws Problem `unsupported-media-type` in the cases where MLflow answers 415 */
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
 * Reads the request of `/invocations`, before it becomes rows or tensors.
 *
 * @param sinkOf receives rows of JSON as they are parsed, in place of the parsed value
 * @throws Problem `unsupported-media-type`, `malformed-json` or `bad-request`
 */
export async function readInvocation(
  body: BodyParts,
  contentType: string | undefined,
  sinkOf?: JsonOptions['sinkOf'],
): Promise<Invocation> {
  return mediaType(contentType) === 'text/csv' ? { field: 'csv', value: body } : readFields(body, sinkOf);
}
