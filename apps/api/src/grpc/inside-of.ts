import type { ServerHttp2Stream } from 'node:http2';
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';

/** What grpc-js shows of a call to nobody. */
export interface InsideOfCall {
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

export function insideOf(call: ServerInterceptingCallInterface): InsideOfCall {
  return call as unknown as InsideOfCall;
}
