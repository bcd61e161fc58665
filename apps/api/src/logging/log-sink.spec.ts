import { type FileCalls, LogSink } from './log-sink.js';

/** An error of the operating system. */
const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

/** A file or pipe with limited capacity. */
class TestFile implements FileCalls {
  text = '';
  capacity = Infinity;
  error = 'ENOSPC';
  private readonly asked: (() => void)[] = [];

  constructor(private readonly pipe: boolean) {}

  isPipe(): boolean {
    return this.pipe;
  }

  writeSync(_fd: number, bytes: Buffer): number {
    if (this.capacity === 0) throw failure(this.error);
    const taken = bytes.subarray(0, Math.min(bytes.length, this.capacity));
    this.text += taken.toString();
    this.capacity -= taken.length;
    return taken.length;
  }

  write(fd: number, bytes: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void): void {
    this.asked.push(() => {
      try {
        done(null, this.writeSync(fd, bytes));
      } catch (error) {
        done(error as NodeJS.ErrnoException, 0);
      }
    });
  }

  /** Completes pending system calls, and those that follow from them. */
  run(): void {
    for (let next = this.asked.shift(); next; next = this.asked.shift()) next();
  }
}

describe('LogSink', () => {
  let reported: [number, string][];
  beforeEach(() => (reported = []));

  const FD = 99;
  const sinkOf = (file: TestFile): LogSink => new LogSink(FD, (lines, reason) => reported.push([lines, reason]), file);
  const send = (sink: LogSink, ...lines: string[]): void => lines.forEach((line) => sink.write(Buffer.from(line)));

  it('writes to a file one after the other, also what the system takes in parts', () => {
    const file = new TestFile(false);
    const sink = sinkOf(file);
    send(sink, 'one\n', 'two\n');
    expect(file.text).toBe('');
    file.run();
    expect([file.text, sink.droppedLines, reported]).toEqual(['one\ntwo\n', 0, []]);
  });

  it('drops and counts what a full disk does not take, and says so when there is room again', () => {
    const file = new TestFile(false);
    const sink = sinkOf(file);
    file.capacity = 6;
    send(sink, 'one\ntwo\nthree\n', 'four\n');
    file.run();
    expect([file.text, sink.droppedLines, reported]).toEqual(['one\ntw', 3, []]);
    send(sink, 'five\n');
    file.run();
    expect(sink.droppedLines).toBe(4);
    file.capacity = Infinity;
    send(sink, 'six\n', 'seven\n');
    file.run();
    expect([file.text, sink.droppedLines, reported]).toEqual(['one\ntw\nsix\nseven\n', 4, [[4, 'ENOSPC']]]);
  });

  it('goes on when the reader of a pipe is gone', () => {
    const file = new TestFile(true);
    const sink = sinkOf(file);
    [file.capacity, file.error] = [0, 'EPIPE'];
    send(sink, 'one\n', 'two\n');
    expect(sink.droppedLines).toBe(2);
  });

  it('lets lines wait for the reader of a pipe, up to a bound, and writes them when it reads on', async () => {
    const file = new TestFile(true);
    const sink = sinkOf(file);
    [file.capacity, file.error] = [2, 'EAGAIN'];
    send(sink, 'one\n');
    const mebibyte = `${'x'.repeat(1_048_576 - 10)}\n`;
    send(sink, mebibyte, 'two\n', 'dropped\n', 'dropped\n');
    expect([file.text, sink.droppedLines]).toEqual(['on', 2]);
    file.capacity = Infinity;
    while (reported.length === 0) await new Promise(setImmediate);
    expect(file.text).toBe(`one\n${mebibyte}two\n`);
    expect(reported).toEqual([[2, 'the reader was too slow']]);
  });

  it('does not wait for good at the end of a process', () => {
    const file = new TestFile(true);
    const sink = sinkOf(file);
    [file.capacity, file.error] = [0, 'EAGAIN'];
    send(sink, 'one\n', 'two\n');
    sink.flushSync();
    expect([file.text, sink.droppedLines]).toEqual(['', 2]);
    file.capacity = Infinity;
    send(sink, 'three\n');
    sink.flushSync();
    expect(file.text).toBe('three\n');
  });
});
