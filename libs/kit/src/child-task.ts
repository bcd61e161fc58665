import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChildTaskError } from './child-task.error.js';
import { TaskChild } from './task-child.js';

/** A model that never ends holds up no other but those behind it in the same child. */
const CHILDREN = 2;

export interface ChildTaskOptions {
  /** The script that does tasks, by `serveTasks`. */
  readonly script: string;
  /** When a child is killed that is still at the same task. */
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
 * Does what may never end, or take its process with it, in a child that is killed after a while. A child does one task
 * after the other, as its own start costs most; of what is asked for at a time, two tasks are done at a time. What has
 * succeeded under a key is not done again.
 */
export class ChildTasks implements TaskRunner {
  private readonly done = new Set<string>();
  private readonly running = new Map<string, Promise<void>>();
  /** At work or idle; one that has ended is replaced. */
  private readonly children = new Set<TaskChild>();
  private readonly idle: TaskChild[] = [];
  /** What waits for a child. */
  private readonly waiting: (() => void)[] = [];
  private busy = 0;
  private isClosed = false;

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
    this.isClosed = true;
    for (const child of this.children) child.end(stopped());
  }

  private async runOnce(key: string, argument: string): Promise<void> {
    if (this.done.has(key) || (await this.isRecorded(key))) return;
    await this.runInChild(argument);
    this.done.add(key);
    await this.record(key);
  }

  private async runInChild(argument: string): Promise<void> {
    if (this.busy === CHILDREN) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.busy++;
    try {
      if (this.isClosed) throw stopped();
      const child = this.takeChild();
      await child.do(argument).finally(() => {
        if (child.isAlive) this.idle.push(child);
        else this.children.delete(child);
      });
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.busy--;
    }
  }

  private takeChild(): TaskChild {
    for (let child = this.idle.pop(); child; child = this.idle.pop()) {
      if (child.isAlive) return child;
      this.children.delete(child);
    }
    const child = new TaskChild(this.options.script, this.options.seconds);
    this.children.add(child);
    return child;
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

const stopped = (): ChildTaskError => new ChildTaskError('was stopped', undefined, true);
