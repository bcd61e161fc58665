import { fstatSync, write, writeSync } from 'node:fs';
import type { LineSink } from './line-buffer.js';

/** Capacity of the buffer; lines beyond it are dropped. */
const MAX_WAITING_BYTES = 1_048_576;
const RETRY_MILLISECONDS = 50;
/** How long the exit of a process may wait for the reader of its log. */
const EXIT_MILLISECONDS = 500;
const NEWLINE = 0x0a;
const BREAK = Buffer.of(NEWLINE);

/** The calls of the operating system, as `node:fs` has them. */
export interface FileCalls {
  write(fd: number, bytes: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void): void;
  writeSync(fd: number, bytes: Buffer): number;
  /** Whether a write may block until a reader reads. */
  isPipe(fd: number): boolean;
}

const SYSTEM: FileCalls = {
  write,
  writeSync,
  isPipe: (fd) => {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isSocket();
  },
};

/**
 * Writes lines to a file or pipe without ever blocking: lines that a full disk or a stuck reader does not accept are
 * dropped, counted, and reported once the log works again.
 */
export class LogSink implements LineSink {
  /** Lines dropped since the start of the process. */
  droppedLines = 0;
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  private isWriting = false;
  /** The last written line is incomplete. */
  private isTorn = false;
  /** A line break must precede the next line. */
  private isBreakDue = false;
  private unreportedLines = 0;
  private reason = '';
  private readonly isPipe: boolean;

  /** @param tell receives the number of dropped lines, and the reason, once lines can be written again */
  constructor(
    private readonly fd: number,
    private readonly report: (lines: number, reason: string) => void,
    private readonly calls = SYSTEM,
  ) {
    this.isPipe = calls.isPipe(fd);
    // Accessing it makes Node set the pipe to non-blocking, so that a write to a full pipe fails.
    if (this.isPipe && fd === 1) void process.stdout;
  }

  write(lines: Buffer): void {
    if (this.waitingBytes + lines.length > MAX_WAITING_BYTES) this.drop(lines, 'the reader was too slow');
    else {
      const bytes = this.isBreakDue ? Buffer.concat([BREAK, lines]) : lines;
      this.isBreakDue = false;
      this.waiting.push(bytes);
      this.waitingBytes += bytes.length;
      this.pump();
    }
  }

  flushSync(): void {
    // The first one may be in progress.
    if (this.isWriting && !this.isPipe) this.take();
    for (const end = performance.now() + EXIT_MILLISECONDS; this.waiting.length > 0;) {
      try {
        this.wrote(this.calls.writeSync(this.fd, this.waiting[0]));
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) this.fail(error as NodeJS.ErrnoException);
        else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MILLISECONDS / 5);
      }
    }
  }

  private pump(): void {
    if (this.isWriting || this.waiting.length === 0) return;
    if (this.isPipe) return this.pumpPipe();
    this.isWriting = true;
    this.calls.write(this.fd, this.waiting[0], (error, written) => {
      this.isWriting = false;
      if (error) this.fail(error);
      else this.wrote(written);
      this.pump();
    });
  }

  /** In this thread: a write that blocks in the thread pool on a stuck reader would keep the process from exiting. */
  private pumpPipe(): void {
    while (this.waiting.length > 0) {
      try {
        this.wrote(this.calls.writeSync(this.fd, this.waiting[0]));
      } catch (error) {
        if (isBusy(error)) {
          this.isWriting = true;
          setTimeout(() => {
            this.isWriting = false;
            this.pump();
          }, RETRY_MILLISECONDS).unref();
          return;
        }
        this.fail(error as NodeJS.ErrnoException);
      }
    }
  }

  private wrote(bytes: number): void {
    const [first] = this.waiting;
    this.waitingBytes -= bytes;
    if (bytes > 0) this.isTorn = first[bytes - 1] !== NEWLINE;
    if (bytes < first.length) this.waiting[0] = first.subarray(bytes);
    else this.waiting.shift();
    if (this.unreportedLines === 0) return;
    const lines = this.unreportedLines;
    this.unreportedLines = 0;
    this.report(lines, this.reason);
  }

  private fail(error: NodeJS.ErrnoException): void {
    const lost = this.take();
    const isBroken = lost[0] === NEWLINE;
    this.drop(isBroken ? lost.subarray(1) : lost, error.code ?? error.message);
    if (!this.isTorn && !isBroken) return;
    this.isTorn = false;
    const next = this.waiting.shift();
    if (!next) this.isBreakDue = true;
    else {
      this.waiting.unshift(Buffer.concat([BREAK, next]));
      this.waitingBytes++;
    }
  }

  private take(): Buffer {
    const first = this.waiting.shift()!;
    this.waitingBytes -= first.length;
    return first;
  }

  private drop(lines: Buffer, reason: string): void {
    let count = 0;
    for (let at = lines.indexOf(NEWLINE); at >= 0; at = lines.indexOf(NEWLINE, at + 1)) count++;
    this.droppedLines += count;
    this.unreportedLines += count;
    this.reason = reason;
  }
}

const isBusy = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EAGAIN';
