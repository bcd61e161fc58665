import type { BodyParts } from '../http/body-parts.js';
import { isObject } from '../http/is-object.js';
import { readJson } from '../http/json/read-json.js';
import { invalidInput } from '../problem/invalid-input.js';
import type { Fault } from '../problem/problem.js';

/** The expected value of a field, in words, and a test for it. */
export type FieldRule = readonly [expected: string, holds: (value: unknown) => boolean];

export const TEXT: FieldRule = [
  'a text of 1 to 1,000 characters',
  (value: unknown): boolean => typeof value === 'string' && value.trim() !== '' && value.length <= 1_000,
];

/**
 * Reads a small JSON object of optional fields; an empty body has none.
 *
 * @throws Problem `malformed-json`, or `invalid-input` with all faults
 */
export async function readFields<T extends object>(
  body: BodyParts,
  rules: Readonly<Record<keyof T & string, FieldRule>>,
): Promise<Partial<T>> {
  const read = body.length === 0 ? {} : await readJson(body);
  if (!isObject(read)) throw invalidInput([{ path: '', expected: 'a JSON object', received: read }]);
  const known = rules as Readonly<Record<string, FieldRule>>;
  const faults: Fault[] = [];
  for (const [path, received] of Object.entries(read)) {
    const rule = Object.hasOwn(known, path) ? known[path] : undefined;
    const expected = rule ? rule[0] : `absent: the fields are ${Object.keys(rules).join(', ')}`;
    if (!rule?.[1](received)) faults.push({ path, expected, received });
  }
  if (faults.length > 0) throw invalidInput(faults);
  return read as Partial<T>;
}
