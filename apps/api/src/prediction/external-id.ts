import type { ApiRequest } from '../http/http.types.js';
import { invalidInput } from '../problem/invalid-input.js';

/** The field of rows that names them, where the model has no column of that name. */
export const EXTERNAL_ID = 'external_id';

export const EXTERNAL_ID_EXPECTED = 'a text of 1 to 64 letters, digits and . _ : -';

/** As documents describe it. */
export const EXTERNAL_ID_SCHEMA = { type: 'string' as const, pattern: '^[A-Za-z0-9._:-]{1,64}$' };

/** Whether a value may name a row; nothing may too. */
export const namesRow = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || (typeof value === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(value));

/**
 * What the caller calls a row: by the header, else by its field.
 *
 * @throws Problem `invalid-input` where the header names nothing
 */
export function externalIdOf({ headers }: ApiRequest, ofRow: string | undefined): string | undefined {
  const value = headers['x-external-id'];
  if (value === undefined) return ofRow;
  if (typeof value === 'string' && namesRow(value)) return value;
  throw invalidInput([{ path: 'X-External-Id', expected: EXTERNAL_ID_EXPECTED, received: value }]);
}
