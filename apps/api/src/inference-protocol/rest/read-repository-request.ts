import { isObject } from '../../http/is-object.js';
import { readJson } from '../../http/json/read-json.js';
import type { BodyParts } from '../../http/body-parts.js';
import { checkNoOverride } from '../check-no-override.js';
import { invalidTensor } from '../../problem/invalid-tensor.error.js';
import { readParameters } from '../parameters.js';

/**
 * Reads the body of a repository request; it may be empty.
 *
 * @throws Problem `malformed-json`
 * @throws InvalidTensorError if it is not an object, or asks for other files or another configuration than the
 * repository's
 */
export async function readRepositoryRequest(
  body: BodyParts,
): Promise<Readonly<Record<string, string | number | boolean>>> {
  if (body.length === 0) return {};
  const request = await readJson(body);
  if (!isObject(request)) throw invalidTensor('The body', 'a JSON object', request);
  const { parameters, ...fields } = request as Record<string, string | number | boolean | object>;
  checkNoOverride(readParameters(parameters, 'the request'));
  return fields as Record<string, string | number | boolean>;
}
