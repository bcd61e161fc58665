import { InvalidTensorError, invalidTensor } from '../problem/invalid-tensor.error.js';

/** The protocol's `parameters`. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** Parameters that change what an answer means or where data is: to ignore them would be to answer something else. */
const NOT_SUPPORTED: Readonly<Record<string, string>> = {
  shared_memory_region: 'shared memory',
  classification: 'the classification extension',
};

/**
 * Reads a `parameters` object. Parameters that are unknown here are the client's own and stay without effect; one
 * that is null, as MLServer's client writes those that it was not given, is none.
 *
 * @param owner names in errors what they belong to
 * @throws InvalidTensorError
 */
export function readParameters(parameters: unknown, owner: string): Parameters {
  if (parameters === undefined || parameters === null) return {};
  if (typeof parameters !== 'object' || Array.isArray(parameters)) {
    throw invalidTensor(`The parameters of ${owner}`, 'an object', parameters);
  }
  const given = Object.entries(parameters).filter(([, value]) => value !== null);
  for (const [name, value] of given) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw invalidTensor(`The parameter "${name}" of ${owner}`, 'a string, a number or a boolean', value);
    }
    if (Object.hasOwn(NOT_SUPPORTED, name)) {
      throw new InvalidTensorError(`The parameter "${name}" of ${owner} asks for ${NOT_SUPPORTED[name]}, not had here`);
    }
  }
  return Object.fromEntries(given);
}

/** A parameter that is true, false or not given. @throws InvalidTensorError */
export function readFlag(parameters: Parameters, name: string, owner: string): boolean | undefined {
  const value = parameters[name];
  if (value !== undefined && typeof value !== 'boolean') {
    throw invalidTensor(`The parameter "${name}" of ${owner}`, 'true or false', value);
  }
  return value;
}
