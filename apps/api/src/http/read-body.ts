import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { NextFunction } from 'express';
import { Problem } from '../problem/problem.js';
import { BodyCollector, type BodyReceiver, brokenBody, tooLarge } from './body-collector.js';
import type { BodyParts } from './body-parts.js';
import { decoderBytes } from './decoder-bytes.js';
import type { ApiRequest, ApiResponse } from './http.types.js';
import { isJsonType } from './json-type.js';

const DECODERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress };

/**
 * The decompressed body as a stream. The memory of its decoder counts towards what the request holds from now on.
 *
 * @param limitBytes the most that a decoder counts
 * @throws Problem `unsupported-media-type` by its Content-Encoding; the stream fails with `bad-request`
 */
export function unpacked(request: ApiRequest, limitBytes: number): Readable {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return request;
  if (!Object.hasOwn(DECODERS, encoding)) {
    const known = Object.keys(DECODERS).join(', ');
    throw new Problem(
      'unsupported-media-type',
      `Content-Encoding "${encoding}" is not supported here; use one of: ${known}.`,
    );
  }
  const decoder = DECODERS[encoding as keyof typeof DECODERS]();
  request.once('error', (error) => decoder.destroy(error));
  const { hold } = request;
  if (!hold) return request.pipe(decoder);
  let ownBytes = 0;
  request.hold = (bytes) => hold(bytes + ownBytes);
  const endEmpty = (): unknown => decoder.end();
  request.once('end', endEmpty).once('data', (first: Buffer) => {
    request.off('end', endEmpty);
    ownBytes = Math.min(decoderBytes(encoding, first[0]), limitBytes);
    const refusal = hold(ownBytes);
    // Decompression starts only if its memory is within the limit.
    if (refusal) decoder.destroy(refusal);
    else {
      decoder.write(first);
      request.pipe(decoder);
    }
  });
  return decoder;
}

/** The decompressed body; the limit applies to the compressed body too. */
function decoded(request: ApiRequest, limitBytes: number): Readable {
  const body = unpacked(request, limitBytes);
  if (body === request) return body;
  let packedBytes = 0;
  request.on('data', (chunk: Buffer) => {
    packedBytes += chunk.length;
    if (packedBytes > limitBytes) body.destroy(tooLarge(limitBytes));
  });
  return body;
}

/** Reads a request's body up to the limit and decompresses it. A failed body is read to its end and dropped. */
function receive(request: ApiRequest, limitBytes: number, done: BodyReceiver): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limitBytes) throw tooLarge(limitBytes);
  const body = decoded(request, limitBytes);
  const collector = new BodyCollector(limitBytes, request.hold, (error, parts) => {
    if (error && body !== request) {
      body.destroy();
      // Closing the connection while part of the body is unread would lose the answer.
      request.resume();
    }
    done(error, parts);
  });
  if (body === request) return request.takeBody(collector);
  body.on('data', (part: Buffer) => collector.append(part));
  body.on('end', () => collector.end());
  body.on('error', (error) => collector.fail(error instanceof Problem ? error : brokenBody()));
}

/**
 * Reads and decompresses a body of any type.
 *
 * @param limitBytes the maximum size of a body, before and after decompression
 * @throws Problem `payload-too-large`, `unsupported-media-type` by its Content-Encoding, or `bad-request`
 */
export function readParts(request: ApiRequest, limitBytes: number): Promise<BodyParts> {
  return new Promise((resolve, reject) => {
    receive(request, limitBytes, (error, body) => (error ? reject(error) : resolve(body!)));
  });
}

/**
 * Reads and decompresses the body of a POST as the bytes of a JSON text.
 *
 * @param limitBytes the maximum size of a body, before and after decompression
 */
export function readBody(limitBytes: number) {
  return (request: ApiRequest, _response: ApiResponse, next: NextFunction): void => {
    if (request.method !== 'POST') return next();
    const type = request.headers['content-type'];
    if (!isJsonType(type)) {
      throw new Problem(
        'unsupported-media-type',
        `Content-Type "${type}" is not supported here; send application/json.`,
      );
    }
    receive(request, limitBytes, (error, body) => {
      if (error) return next(error);
      request.body = body!.whole();
      next();
    });
  };
}
