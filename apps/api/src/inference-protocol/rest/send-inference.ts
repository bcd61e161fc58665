import { promisify } from 'node:util';
import { constants, deflate, gzip } from 'node:zlib';
import type { ApiResponse } from '../../http/http.types.js';
import { acceptedEncoding } from './accepted-encoding.js';
import type { InferBody } from './write-infer-response.js';

const PACKERS = { gzip: promisify(gzip), deflate: promisify(deflate) };

/** Below this size, compression costs more than it saves. */
const SMALLEST_PACKED_BYTES = 1_024;

/**
 * Sends an inference's answer, compressed if the client accepts it. The header gives the length of the JSON before
 * compression, as Triton's clients expect.
 */
export async function sendInference(
  response: ApiResponse,
  { body, jsonLength }: InferBody,
  acceptEncoding: string | undefined,
): Promise<void> {
  response.setHeader('Content-Type', jsonLength === undefined ? 'application/json' : 'application/octet-stream');
  if (jsonLength !== undefined) response.setHeader('Inference-Header-Content-Length', jsonLength);
  response.setHeader('Vary', 'Accept-Encoding');
  const encoding = body.length < SMALLEST_PACKED_BYTES ? undefined : acceptedEncoding(acceptEncoding);
  const sent = encoding ? await PACKERS[encoding](body, { level: constants.Z_BEST_SPEED }) : body;
  if (encoding) response.setHeader('Content-Encoding', encoding);
  response.setHeader('Content-Length', sent.length);
  response.end(sent);
}
