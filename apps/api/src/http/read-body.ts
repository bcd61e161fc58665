import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { NextFunction } from 'express';
import { Problem } from '../problem/problem.js';
import { BodyCollector, type BodyReceiver, brokenBody, tooLarge } from './body-collector.js';
import type { BodyParts } from './body-parts.js';
import { decoderBytes } from './decoder-bytes.js';
import type { ApiRequest, ApiResponse } from './http.types.js';

/** As most callers write it. */
const JSON_CONTENT = 'application/json';
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

const DECODERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress };

/**
 * The body as a stream, unpacked. What its decoder holds counts from now on in what the request holds.
 *
 * @param limitBytes the most that a decoder counts
 * @throws Problem `unsupported-media-type` by its Content-Encoding; the stream fails with `bad-request`
 */
export function unpacked(request: ApiRequest, limitBytes: number): Readable {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return request;
  if (!Object.hasOwn(DECODERS, encoding)) {
    const known = Object.keys(DECODERS).join(', ');
    throw new Problem('unsupported-media-type', `Content-Encoding "${encoding}" is not read here, only: ${known}.`);
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
    // Nothing is unpacked before there is room for what that takes.
    if (refusal) decoder.destroy(refusal);
    else {
      decoder.write(first);
      request.pipe(decoder);
    }
  });
  return decoder;
}

/** The unpacked body; what is packed is held to the limit too. */
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

/** Reads a request's body up to the limit and unpacks it. A body that fails is read to its end and dropped. */
function receive(request: ApiRequest, limitBytes: number, done: BodyReceiver): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limitBytes) throw tooLarge(limitBytes);
  const body = decoded(request, limitBytes);
  const collector = new BodyCollector(limitBytes, request.hold, (error, parts) => {
    if (error && body !== request) {
      body.destroy();
      // A connection closed on what is left of the body would lose the answer.
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
 * Reads a body of any type, unpacked.
 *
 * @param limitBytes the most a body may hold, before and after unpacking
 * @throws Problem `payload-too-large`, `unsupported-media-type` by its Content-Encoding, or `bad-request`
 */
export function readParts(request: ApiRequest, limitBytes: number): Promise<BodyParts> {
  return new Promise((resolve, reject) => {
    receive(request, limitBytes, (error, body) => (error ? reject(error) : resolve(body!)));
  });
}

/**
 * Reads the body of a POST as the bytes of a JSON text, unpacked.
 *
 * A missing Content-Type counts as JSON, and its charset is ignored (RFC 8259, section 11: it has no effect).
 * @param limitBytes the most a body may hold, before and after unpacking
 */
export function readBody(limitBytes: number) {
  return (request: ApiRequest, _response: ApiResponse, next: NextFunction): void => {
    if (request.method !== 'POST') return next();
    const type = request.headers['content-type'];
    if (type !== undefined && type !== JSON_CONTENT && !JSON_TYPE.test(type)) {
      throw new Problem('unsupported-media-type', `Content-Type "${type}" is not read here; send application/json.`);
    }
    receive(request, limitBytes, (error, body) => {
      if (error) return next(error);
      request.body = body!.whole();
      next();
    });
  };
}
