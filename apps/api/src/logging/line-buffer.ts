import type { DestinationStream } from 'pino';

const BLOCK_BYTES = 65_536;
const FLUSH_MILLISECONDS = 200;
/** Maximum bytes of UTF-8 per UTF-16 unit of a string. */
const BYTES_PER_UNIT = 3;

/** Where the lines go, as UTF-8: `write` must not block, `flushSync` may. */
export interface LineSink {
  write(lines: Buffer): unknown;
  flushSync(): void;
}

/**
 * Collects lines in order and writes them together, because each write call is expensive. Lines are buffered as bytes,
 * because each garbage collection would copy buffered strings.
 */
export class LineBuffer implements DestinationStream {
  private readonly block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  private used = 0;

  constructor(private readonly sink: LineSink) {
    setInterval(() => this.flush(), FLUSH_MILLISECONDS).unref();
    process.once('exit', () => {
      this.flush();
      sink.flushSync();
    });
  }

  write(line: string): void {
    const most = line.length * BYTES_PER_UNIT;
    if (this.used + most > BLOCK_BYTES) this.flush();
    if (most > BLOCK_BYTES) this.sink.write(Buffer.from(line));
    else this.used += this.block.write(line, this.used);
  }

  private flush(): void {
    if (this.used === 0) return;
    this.sink.write(Buffer.from(this.block.subarray(0, this.used)));
    this.used = 0;
  }
}
