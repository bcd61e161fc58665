import { badFormat } from './columns.js';

/**
 * `[{column: value, ...}, ...]`, as `DataFrame.to_dict(orient="records")` writes it.
 *
 * @param field where it stands in the body
 * @throws Problem `bad-request`
 */
export function fromRecords(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw badFormat(`${field} must be an array of objects, one per row`);
  return value;
}
