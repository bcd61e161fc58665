import { received } from '#kit';
import { invalidInput } from '../../problem/invalid-input.js';

/** Parts of an answer that are returned only on request. */
export const INCLUDABLE = ['probabilities', 'prediction_id'] as const;

export type Includable = (typeof INCLUDABLE)[number];

/** The parts that a request asks for. */
export type Include = ReadonlySet<Includable>;

export const NOTHING: Include = new Set();

/**
 * Reads the requested parts: names separated by commas, or a list of such texts.
 *
 * @param path of the parameter in the request
 * @throws Problem `invalid-input` that lists the valid names
 */
export function readInclude(value: unknown, path = 'include'): Include {
  if (value === undefined || value === null) return NOTHING;
  const texts: unknown[] = Array.isArray(value) ? value : [value];
  const names = texts
    .flatMap((text) => (typeof text === 'string' ? text.split(',') : [text]))
    .filter((name) => name !== '');
  const unknown = names.find((name) => !INCLUDABLE.includes(name as Includable));
  if (unknown === undefined) return new Set(names as Includable[]);
  const expected = `a comma-separated list of: ${INCLUDABLE.join(', ')}`;
  throw invalidInput([{ path, expected, received: received(unknown) }]);
}
