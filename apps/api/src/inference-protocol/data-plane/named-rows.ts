import { EXTERNAL_ID, EXTERNAL_ID_EXPECTED, namesRow } from '../../prediction/external-id.js';
import { InvalidTensorError, invalidTensor } from '../../problem/invalid-tensor.error.js';
import type { NamedTensor } from '../tensors/tensor.js';
import type { InferRequest } from './infer-request.js';

/** A request's tensors, and the caller's ids of its rows. */
export interface NamedRows {
  readonly inputs: readonly NamedTensor[];
  readonly externalIds?: readonly (string | undefined)[];
}

function read({ datatype, shape, data }: NamedTensor): (string | undefined)[] {
  const where = `input "${EXTERNAL_ID}"`;
  if (datatype !== 'BYTES' || shape.length > 2 || (shape.length === 2 && shape[1] !== 1)) {
    throw new InvalidTensorError(`The ${where} must be BYTES [-1]; received ${datatype} [${shape.join(', ')}]`);
  }
  return Array.from(data as readonly (string | null)[], (name, row) => {
    if (namesRow(name)) return name ?? undefined;
    throw invalidTensor(`data[${row}] of ${where}`, EXTERNAL_ID_EXPECTED, name);
  });
}

/**
 * Extracts the caller's ids of rows from a request: its tensor `external_id`, or for a single row its parameter of that
 * name.
 *
 * @throws InvalidTensorError if an id is invalid
 */
export function namedRows({ inputs, externalId }: InferRequest): NamedRows {
  const tensor = inputs.find(({ name }) => name === EXTERNAL_ID);
  const others = tensor ? inputs.filter((input) => input !== tensor) : inputs;
  if (externalId === undefined) return tensor ? { inputs: others, externalIds: read(tensor) } : { inputs };
  const where = `The parameter "${EXTERNAL_ID}" of the request`;
  if (!namesRow(externalId)) throw invalidTensor(where, EXTERNAL_ID_EXPECTED, externalId);
  if (tensor) throw new InvalidTensorError(`${where} and the input of that name must not both be given`);
  return { inputs, externalIds: [externalId] };
}

/** @throws InvalidTensorError if the number of ids differs from that of the rows */
export function checkNamed({ externalIds }: NamedRows, rows: number): void {
  if (externalIds === undefined || externalIds.length === rows) return;
  throw new InvalidTensorError(
    `There must be as many external ids as rows, ${rows}, in the input "${EXTERNAL_ID}"; received ${externalIds.length}`,
  );
}
