import { isLarge, parseJson, readJson } from '../http/json/read-json.js';
import { invalidInput } from '../problem/invalid-input.js';
import type { InputContract } from './input-contract.js';

/** The values of one instance in column order, NaN for null. */
export interface ReadRow {
  readonly values: number[];
  /** The caller's id of the row. */
  readonly externalId?: string;
}

/**
 * Reads one instance from a JSON text. Most texts have the fields of the previous row and are read without creating an
 * object.
 *
 * @returns a promise for large texts, which are read in several turns of the event loop
 * @throws Problem `malformed-json`, or `invalid-input` with all faults
 */
export function readInstance(body: Buffer, contract: InputContract): ReadRow | Promise<ReadRow> {
  const { checker, rows } = contract;
  if (isLarge(body))
    return readJson({ length: body.length, slice: (from, to) => body.subarray(from, to) }).then((it) =>
      check(it, contract),
    );
  if (rows.scanWhole(body) && checker.keepsAll(rows.values)) return { values: rows.values.slice() };
  return check(parseJson(body), contract);
}

function check(instance: unknown, { checker, rows }: InputContract): ReadRow {
  const values: number[] = [];
  if (!checker.read(instance, values)) throw invalidInput(checker.explain(instance));
  rows.learn(Object.keys(instance as object));
  const externalId = checker.externalIdOf(instance);
  return externalId === undefined ? { values } : { values, externalId };
}
