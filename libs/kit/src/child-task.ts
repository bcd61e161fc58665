import { spawn } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** More than any sentence about a failure. */
const OUTPUT_BYTES = 65_536;
/** What a child is told of its parent's environment: where things are, and no secrets. */
const ENVIRONMENT = /^(PATH|HOME|TMPDIR|LANG|LC_\w+|LOCPATH|LD_LIBRARY_PATH|ORT_\w+|SystemRoot)$/;

/** A task that came to no good end; the message says which, without a subject. */
export class ChildTaskError extends Error {
  override readonly name = 'ChildTaskError';

  constructor(
    message: string,
    /** What the task itself said of it. */
    readonly output?: string,
    /** Whether there was no child at all: another time there may be. */
    readonly isUnstarted = false,
  ) {
    super(message);
  }
}

export interface ChildTaskOptions {
  /** The script that does it, given the task's argument. Code 0 is success; anything else it tells on standard output. */
  readonly script: string;
  /** When it is killed. */
  readonly seconds: number;
  /** A folder that keeps what succeeded, for later processes, where it can be written. */
  readonly record?: string;
}

/** Who does tasks: this process's children, or another process's. */
export interface TaskRunner {
  /** @throws ChildTaskError */
  run(key: string, argument: string): Promise<void>;
  /** Ends what is under way. */
  close(): void;
}

/**
 * Does what may never end, or take its process with it, in a child that is killed after a while. What has succeeded
 * under a key is not done again.
 */
export class ChildTasks implements TaskRunner {
  private readonly done = new Set<string>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly stop = new AbortController();

  constructor(private readonly options: ChildTaskOptions) {}

  /** @param key names a file; the same for the same task @throws ChildTaskError */
  run(key: string, argument: string): Promise<void> {
    let running = this.running.get(key);
    if (!running) {
      running = this.runOnce(key, argument).finally(() => this.running.delete(key));
      this.running.set(key, running);
    }
    return running;
  }

  close(): void {
    this.stop.abort();
  }

  private async runOnce(key: string, argument: string): Promise<void> {
    if (this.done.has(key) || (await this.isRecorded(key))) return;
    await runChild(this.options, argument, this.stop.signal);
    this.done.add(key);
    await this.record(key);
  }

  private async isRecorded(key: string): Promise<boolean> {
    const { record } = this.options;
    return record !== undefined && (await stat(join(record, key)).catch(() => undefined))?.isFile() === true;
  }

  /** A folder that cannot be written costs a child at the next start, no more. */
  private async record(key: string): Promise<void> {
    const { record } = this.options;
    if (record === undefined) return;
    await mkdir(record, { recursive: true })
      .then(() => writeFile(join(record, key), ''))
      .catch(() => undefined);
  }
}

function runChild({ script, seconds }: ChildTaskOptions, argument: string, signal: AbortSignal): Promise<void> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => ENVIRONMENT.test(name)));
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new ChildTaskError('was stopped', undefined, true));
    // Its own limit ends it should this process be gone by then.
    const child = spawn(process.execPath, [script, argument, String(seconds)], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    let why: ChildTaskError | undefined;
    const kill = (error: ChildTaskError): void => {
      why ??= error;
      child.kill('SIGKILL');
    };
    const stopped = (): void => kill(new ChildTaskError('was stopped', undefined, true));
    const timer = setTimeout(() => kill(new ChildTaskError(`did not end in ${seconds} s`)), seconds * 1_000);
    signal.addEventListener('abort', stopped);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < OUTPUT_BYTES) output += text;
    });
    child.once('error', (error) => {
      why ??= new ChildTaskError(`could not begin (${error.message})`, undefined, child.pid === undefined);
    });
    child.once('close', (code, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stopped);
      if (why) reject(why);
      else if (code === 0) resolve();
      else reject(new ChildTaskError(`ended with ${killedBy ?? `code ${code}`}`, output || undefined));
    });
  });
}
