import { type Fault, Problem } from './problem.js';

/** Maximum number of faults in one answer: enough to see a pattern, however large the batch. */
export const MAX_FAULTS = 100;

const SHOWN_CHARACTERS = 100;

/** The received value, shortened and without nested values. */
export function received(value: unknown): unknown {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value}, a number beyond the range of a double`;
  if (typeof value === 'string' && value.length > SHOWN_CHARACTERS) return `${value.slice(0, SHOWN_CHARACTERS)}...`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return value;
}

/**
 * The answer to an input that does not match the schema.
 *
 * @param total number of all faults, if `faults` holds only the first
 */
export function invalidInput(faults: readonly Fault[], total = faults.length): Problem {
  const errors = faults.slice(0, MAX_FAULTS);
  const [{ path, expected }] = errors;
  const rest = total === 1 ? '' : `; ${total - 1} more ${total === 2 ? 'fault' : 'faults'}, see errors`;
  const detail = `${path || 'The body'} must be ${expected}${rest}.`;
  return new Problem('invalid-input', detail, { errors, ...(total > errors.length && { errors_total: total }) });
}
