import type { BodyParts } from '../../http/body-parts.js';
import type { InstanceBatch } from '../batch-builder.js';
import type { InputContract } from '../input-contract.js';
import type { StampedBatch } from '../prediction.service.js';

/** An answer piece by piece, so that the event loop can turn between. */
export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Rows whose answer is written at once, within a millisecond. */
const SHORT_ROWS = 2_048;

/** An answer as one text where it is short: a stream costs a small answer more than all else. */
export const shortened = (rows: number, pieces: Pieces): Pieces | string =>
  rows <= SHORT_ROWS && Symbol.iterator in pieces ? [...pieces].join('') : pieces;

/** A batch, checked; `write` where its form asks for an answer in the same form. */
export interface ReadBatch extends InstanceBatch {
  readonly write?: (this: void, batch: StampedBatch) => Pieces;
}

/** A media type in which batches come and are answered. */
export interface BatchFormat {
  /** The names by which Content-Type and Accept know it; answers carry the first. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** The answer's Content-Type. */
  readonly contentType: string;
  /** @throws Problem that says what is wrong with the body, row by row */
  read(body: BodyParts, contract: InputContract, maxInstances: number): Promise<ReadBatch>;
  write(this: void, batch: StampedBatch): Pieces;
}
