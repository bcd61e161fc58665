import type { ServerHttp2Stream } from 'node:http2';
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';

/** What grpc-js shows of a call to nobody. */
export interface CallInternals {
  readonly stream: ServerHttp2Stream;
  readonly incomingEncoding: string;
  /**
   * Unpacks a message that has come whole.
   *
   * @param framed behind five bytes
   * @param encoding `identity` where it is not packed
   * @throws a status
   */
  decompressMessage: (framed: Buffer, encoding: string) => Buffer | Promise<Buffer>;
}

export function internalsOf(call: ServerInterceptingCallInterface): CallInternals {
  return call as unknown as CallInternals;
}
