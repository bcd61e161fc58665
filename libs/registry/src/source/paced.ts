import type { Readable } from 'node:stream';

/** No minimum rate applies before. */
const GRACE_MILLISECONDS = 30_000;
const BYTES_PER_SECOND = 65_536;
const LOOK_MILLISECONDS = 1_000;

/**
 * Passes a stream through while it is fast enough.
 *
 * @throws Error when its average is below 64 KiB/s after 30 s: a trickle would block a source for ever
 */
export async function* paced(stream: Readable): AsyncGenerator<Buffer> {
  const started = performance.now();
  let bytes = 0;
  const timer = setInterval(() => {
    const seconds = (performance.now() - started - GRACE_MILLISECONDS) / 1_000;
    if (seconds <= 0 || bytes >= seconds * BYTES_PER_SECOND) return;
    stream.destroy(new Error(`only ${bytes} bytes came in ${Math.round(seconds + GRACE_MILLISECONDS / 1_000)} s`));
  }, LOOK_MILLISECONDS);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      yield chunk;
    }
  } finally {
    clearInterval(timer);
  }
}
