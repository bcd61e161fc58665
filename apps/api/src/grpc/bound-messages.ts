import { createGunzip, createInflate } from 'node:zlib';
import { type ServerInterceptingCallInterface, status } from '@grpc/grpc-js';
import { BodyCollector } from '../http/body-collector.js';
import type { Hold } from '../http/http.types.js';
import type { Problem } from '../problem/problem.js';
import type { ProblemType } from '../problem/problem-types.js';
import type { CallBounds } from './call-bounds.js';
import { internalsOf } from './call-internals.js';

/** Header of a message frame. */
const HEAD_BYTES = 5;
/** This many frames may be arbitrarily small; each costs a few hundred bytes of overhead. */
const SMALL_FRAMES = 1_000;
const FRAME_BYTES = 1_024;

const DECODERS = { gzip: createGunzip, deflate: createInflate };

const STATUS_OF: Partial<Record<ProblemType, status>> = { 'bad-request': status.INVALID_ARGUMENT };

/** A call's fault in the form that grpc-js expects. */
class Refusal extends Error {
  constructor(
    readonly details: string,
    readonly code = status.RESOURCE_EXHAUSTED,
  ) {
    super(details);
  }
}

/**
 * Counts the bytes of a call's messages as they arrive and as they are decompressed, and ends the call at the first
 * byte over the limit. grpc-js reports a message only once it is complete.
 *
 * @param counted receives the number of bytes that have arrived
 * @param hold receives the number of bytes held
 */
export function boundMessages(
  call: ServerInterceptingCallInterface,
  counted: { readonly bounds: CallBounds; received: number },
  hold?: Hold,
): void {
  const inside = internalsOf(call);
  const { bounds } = counted;
  let [frames, messages, unpackedBytes] = [0, 0, 0];
  const tooLarge = (): Refusal =>
    new Refusal(
      `The messages of this call exceed ${bounds.bytes} bytes, compressed or decompressed${bounds.setBy.bytes ? `, the limit of ${bounds.setBy.bytes}` : ''}.`,
    );

  const refusalOf = ({ type, detail }: Problem): Refusal =>
    type === 'payload-too-large' ? tooLarge() : new Refusal(detail, STATUS_OF[type]);

  inside.stream.on('data', (chunk: Buffer) => {
    counted.received += chunk.length;
    const refusal = hold?.(counted.received + unpackedBytes);
    if (refusal) return call.sendStatus(new Refusal(refusal.detail));
    if (counted.received > bounds.bytes + HEAD_BYTES * bounds.messages) return call.sendStatus(tooLarge());
    if (++frames > SMALL_FRAMES && counted.received < (frames - SMALL_FRAMES) * FRAME_BYTES) {
      call.sendStatus(new Refusal(`Frames of a message must hold ${FRAME_BYTES} bytes on average; send larger ones.`));
    }
  });

  inside.decompressMessage = (framed, encoding) => {
    if (++messages > bounds.messages)
      throw new Refusal(`A call of this kind may send at most ${bounds.messages} messages.`);
    const message = framed.subarray(HEAD_BYTES);
    if (encoding === 'identity') return message;
    if (!Object.hasOwn(DECODERS, encoding)) {
      const known = Object.keys(DECODERS).join(', ');
      throw new Refusal(
        `grpc-encoding "${encoding}" is not supported here; use one of: ${known}.`,
        status.UNIMPLEMENTED,
      );
    }
    return new Promise<Buffer>((resolve, reject) => {
      const decoder = DECODERS[encoding as keyof typeof DECODERS]();
      const before = unpackedBytes;
      const holdUnpacked: Hold = (bytes) => hold?.(counted.received + (unpackedBytes = before + bytes));
      const collector = new BodyCollector(bounds.bytes - before, holdUnpacked, (error, body) => {
        decoder.destroy();
        if (body) resolve(body.whole());
        else reject(refusalOf(error as Problem));
      });
      decoder.on('data', (part: Buffer) => collector.append(part));
      decoder.on('end', () => collector.end()).on('error', () => collector.fail());
      decoder.end(message);
    });
  };
}
