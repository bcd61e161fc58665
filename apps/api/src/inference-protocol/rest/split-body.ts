import type { BodyParts } from '../../http/body-parts.js';
import type { Bytes } from '../../http/json/read-json.js';
import { InvalidTensorError } from '../../problem/invalid-tensor.error.js';

const NOTHING = Buffer.alloc(0);

/** A body of the binary tensor extension: its JSON, and the binary data after it. */
export interface SplitBody {
  readonly json: Bytes;
  readonly binary: Buffer;
}

/**
 * Splits a body at the length in the header `Inference-Header-Content-Length`; without the header, all of it is JSON.
 *
 * @throws InvalidTensorError if the header is not a length within the body
 */
export function splitBody(body: BodyParts, header: string | undefined): SplitBody {
  if (header === undefined) return { json: body, binary: NOTHING };
  const length = /^\d{1,15}$/.test(header) ? Number(header) : NaN;
  if (!(length <= body.length)) {
    throw new InvalidTensorError(
      `Inference-Header-Content-Length must be the number of bytes of the JSON at the beginning of the body, at most ${body.length}; received ${JSON.stringify(header)}`,
    );
  }
  const json = { length, slice: (from: number, to: number) => body.slice(from, Math.min(to, length)) };
  return { json, binary: body.slice(length, body.length) };
}
