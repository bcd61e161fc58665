import { InvalidTensorError } from '../tensors/invalid-tensor.error.js';

/** A body of the binary tensor extension: its JSON, and the binary data behind it. */
export interface SplitBody {
  readonly json: Buffer;
  readonly binary: Buffer;
}

/**
 * Parts a body at the length that the header `Inference-Header-Content-Length` gives; without it, all is JSON.
 *
 * @throws InvalidTensorError when the header is no length within the body
 */
export function splitBody(body: Buffer, header: string | undefined): SplitBody {
  if (header === undefined) return { json: body, binary: Buffer.alloc(0) };
  const length = /^\d{1,15}$/.test(header) ? Number(header) : NaN;
  if (!(length <= body.length)) {
    throw new InvalidTensorError(
      `Inference-Header-Content-Length must be the number of bytes of the JSON at the beginning of the body, at most ${body.length}; received ${JSON.stringify(header)}`,
    );
  }
  return { json: body.subarray(0, length), binary: body.subarray(length) };
}
