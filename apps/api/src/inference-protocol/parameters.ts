import { InvalidTensorError, invalidTensor } from '../problem/invalid-tensor.error.js';

/** The protocol's `parameters`. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** Parameters that change the meaning of an answer or the location of data: ignoring them would give a wrong answer. */
const NOT_SUPPORTED: Readonly<Record<string, string>> = {
  shared_memory_region: 'shared memory',
  classification: 'the classification extension',
};

/**
 * Reads a `parameters` object. Unknown parameters are the client's own and have no effect. A null parameter counts as
 * absent: MLServer's client sends null for parameters that were not set.
 *
 * @param owner what they belong to, for errors
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
      throw new InvalidTensorError(
        `The parameter "${name}" of ${owner} asks for ${NOT_SUPPORTED[name]}, which is not supported`,
      );
    }
  }
  return Object.fromEntries(given);
}

/**
 * An optional boolean parameter.
 * @throws InvalidTensorError
 */
export function readFlag(parameters: Parameters, name: string, owner: string): boolean | undefined {
  const value = parameters[name];
  if (value !== undefined && typeof value !== 'boolean') {
    throw invalidTensor(`The parameter "${name}" of ${owner}`, 'true or false', value);
  }
  return value;
}
