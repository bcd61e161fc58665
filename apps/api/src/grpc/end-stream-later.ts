import type { ServerHttp2Stream } from 'node:http2';

const LINGER_MILLISECONDS = 2_000;

/**
 * Ends an answered stream after a delay and drops what the client still sends: some clients read the answer only after
 * they have sent everything, but a client that never stops sending must not hold the stream.
 */
export function endStreamLater(stream: ServerHttp2Stream): void {
  if (stream.closed || stream.readableEnded) return;
  const timer = setTimeout(() => stream.close(), LINGER_MILLISECONDS).unref();
  stream.resume().once('close', () => clearTimeout(timer));
}
