import type { ServerHttp2Stream } from 'node:http2';
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';

/** Private members of a grpc-js call. */
export interface CallInternals {
  readonly stream: ServerHttp2Stream;
  readonly incomingEncoding: string;
  /**
   * Decompresses a complete message.
   * @param framed preceded by a header of five bytes
   * @param encoding `identity` if it is not compressed
   * @throws a status
   */
  decompressMessage: (framed: Buffer, encoding: string) => Buffer | Promise<Buffer>;
}

export function internalsOf(call: ServerInterceptingCallInterface): CallInternals {
  return call as unknown as CallInternals;
}
