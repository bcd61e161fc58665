import { type ChildProcess, spawn } from 'node:child_process';
import { ChildTaskError } from './child-task.error.js';

/** An idle child is kept this long, so that one start's models share it. */
const IDLE_MILLISECONDS = 2_000;
/** The environment variables that a child inherits: paths and locale, no secrets. */
const ENVIRONMENT = /^(PATH|HOME|TMPDIR|LANG|LC_\w+|LOCPATH|LD_LIBRARY_PATH|ORT_\w+|SystemRoot)$/;

/** A child process that does tasks one at a time. */
export class TaskChild {
  private readonly child: ChildProcess;
  private why?: ChildTaskError;
  private task?: { resolve: (answer: string) => void; reject: (error: ChildTaskError) => void };
  private timer?: NodeJS.Timeout;

  constructor(
    script: string,
    private readonly seconds: number,
    /** An idle child ends after this long. */
    private readonly idleMilliseconds = IDLE_MILLISECONDS,
  ) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => ENVIRONMENT.test(name)));
    // If this process dies, the child's own timeout ends it.
    const stdio: ['ignore', 'ignore', 'ignore', 'ipc'] = ['ignore', 'ignore', 'ignore', 'ipc'];
    this.child = spawn(process.execPath, [script, String(seconds)], { env, stdio });
    this.child.on('message', ({ output, answer }: { output?: string; answer?: string }) =>
      this.settle(output === undefined ? undefined : new ChildTaskError('failed', output), answer),
    );
    this.child.once('error', ({ message }) =>
      this.end(new ChildTaskError(`could not begin (${message})`, undefined, this.child.pid === undefined)),
    );
    this.child.once('close', (code, signal) => this.end(new ChildTaskError(`ended with ${signal ?? `code ${code}`}`)));
  }

  get isAlive(): boolean {
    return this.why === undefined;
  }

  /** @returns what the task answers @throws ChildTaskError */
  do(argument: string): Promise<string> {
    clearTimeout(this.timer);
    this.child.ref();
    this.child.channel?.ref();
    const { seconds } = this;
    return new Promise((resolve, reject) => {
      this.task = { resolve, reject };
      this.timer = setTimeout(() => this.end(new ChildTaskError(`did not end in ${seconds} s`)), seconds * 1_000);
      // If sending fails, the child has ended or is ending, and its events report that.
      this.child.send(argument, () => undefined);
    });
  }

  /** Kills it. */
  end(why: ChildTaskError): void {
    this.why ??= why;
    this.child.kill('SIGKILL');
    this.settle(this.why);
  }

  private settle(error?: ChildTaskError, answer = ''): void {
    clearTimeout(this.timer);
    const { task } = this;
    this.task = undefined;
    if (error) task?.reject(error);
    else task?.resolve(answer);
    if (!this.isAlive) return;
    this.timer = setTimeout(() => this.end(new ChildTaskError('had nothing to do')), this.idleMilliseconds).unref();
    this.child.unref();
    this.child.channel?.unref();
  }
}
