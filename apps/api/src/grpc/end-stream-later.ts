import type { ServerHttp2Stream } from 'node:http2';

const LINGER_MILLISECONDS = 2_000;

/**
 * Ends a stream whose answer is out, in a while: what its client still sends is dropped meanwhile, for some see the
 * answer only once they have sent all, and who goes on sending would hold the stream.
 */
export function endStreamLater(stream: ServerHttp2Stream): void {
  if (stream.closed || stream.readableEnded) return;
  const timer = setTimeout(() => stream.close(), LINGER_MILLISECONDS).unref();
  stream.resume().once('close', () => clearTimeout(timer));
}
