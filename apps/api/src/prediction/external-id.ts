import type { ApiRequest } from '../http/http.types.js';
import { invalidInput } from '../problem/invalid-input.js';

/** The field with the caller's id of a row, if the model has no column of that name. */
export const EXTERNAL_ID = 'external_id';

export const EXTERNAL_ID_EXPECTED = 'a text of 1 to 64 letters, digits and . _ : -';

/** Its schema in OpenAPI documents. */
export const EXTERNAL_ID_SCHEMA = { type: 'string' as const, pattern: '^[A-Za-z0-9._:-]{1,64}$' };

/** Whether a value is a valid id of a row, or absent. */
export const namesRow = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || (typeof value === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(value));

/**
 * The caller's id of a row: from the header, otherwise from the row's field.
 *
 * @throws Problem `invalid-input` if the header is not a valid id
 */
export function externalIdOf({ headers }: Pick<ApiRequest, 'headers'>, ofRow: string | undefined): string | undefined {
  const value = headers['x-external-id'];
  if (value === undefined) return ofRow;
  if (typeof value === 'string' && namesRow(value)) return value;
  throw invalidInput([{ path: 'X-External-Id', expected: EXTERNAL_ID_EXPECTED, received: value }]);
}
