import { isLarge, parseJson, readJson } from '../http/json/read-json.js';
import { invalidInput } from '../problem/invalid-input.js';
import type { InputContract } from './input-contract.js';

/** A row of one instance: its values in column order, NaN for null. */
export interface ReadRow {
  readonly values: number[];
  /** What its caller calls it. */
  readonly externalId?: string;
}

/**
 * Reads one instance from a JSON text. Most texts are rows like the one before,
 * and become no object.
 *
 * @throws Problem `malformed-json`, or `invalid-input` with all that is wrong; large texts are read in turns
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
