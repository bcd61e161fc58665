import type { DestinationStream } from 'pino';

const FLUSH_BYTES = 65_536;
const FLUSH_MILLISECONDS = 200;

/** Where the lines go: `write` must not block, `flushSync` may. */
export interface LineSink extends DestinationStream {
  flushSync(): void;
}

/** Gathers lines in their order and hands them on together: a write costs far more than what it writes. */
export class LineBuffer implements DestinationStream {
  private lines = '';

  constructor(private readonly sink: LineSink) {
    setInterval(() => this.flush(), FLUSH_MILLISECONDS).unref();
    process.once('exit', () => {
      this.flush();
      sink.flushSync();
    });
  }

  write(line: string): void {
    this.lines += line;
    if (this.lines.length >= FLUSH_BYTES) this.flush();
  }

  private flush(): void {
    if (this.lines === '') return;
    const lines = this.lines;
    this.lines = '';
    this.sink.write(lines);
  }
}
