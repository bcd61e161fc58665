import { type Fault, Problem } from './problem.js';

/** Maximum number of faults in one answer: enough to see a pattern, however large the batch. */
export const MAX_FAULTS = 100;

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
