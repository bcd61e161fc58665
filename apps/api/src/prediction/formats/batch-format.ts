import type { BodyParts } from '../../http/body-parts.js';
import type { InstanceBatch } from '../batch-builder.js';
import type { InputContract } from '../input-contract.js';
import type { StampedBatch } from '../prediction.service.js';

/** An answer in pieces, so that the event loop can run in between. */
export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Answers of up to this many rows are written at once, within a millisecond. */
const SHORT_ROWS = 2_048;

/** An answer as one text if it is short: for a small answer, a stream would cost more than everything else. */
export const shortened = (rows: number, pieces: Pieces): Pieces | string =>
  rows <= SHORT_ROWS && Symbol.iterator in pieces ? Array.from(pieces, textOf).join('') : pieces;

const textOf = (piece: string | Uint8Array): string =>
  typeof piece === 'string' ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString();

/** A checked batch; `write` is present if its format requires an answer in the same format. */
export interface ReadBatch extends InstanceBatch {
  readonly write?: (this: void, batch: StampedBatch) => Pieces;
}

/** A format of batches and their answers. */
export interface BatchFormat {
  /** Its names in Content-Type and Accept; answers use the first. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** The answer's Content-Type. */
  readonly contentType: string;
  /** @throws Problem with the faults of the body, row by row */
  read(body: BodyParts, contract: InputContract, maxInstances: number): Promise<ReadBatch>;
  write(this: void, batch: StampedBatch): Pieces;
}
