import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChildTaskError } from './child-task.error.js';
import { TaskChild } from './task-child.js';

/** With two children, a model that never ends blocks only the tasks queued behind it in the same child. */
const CHILDREN = 2;

export interface ChildTaskOptions {
  /** The script of the child; it calls `serveTasks`. */
  readonly script: string;
  /** A child that takes longer than this over one task is killed. */
  readonly seconds: number;
  /** A folder that records which keys succeeded, for later processes; used where it is writable. */
  readonly record?: string;
}

/** Runs tasks in children of this process or of another one. */
export interface TaskRunner {
  /** @throws ChildTaskError */
  run(key: string, argument: string): Promise<void>;
  /** Kills the running tasks. */
  close(): void;
}

/**
 * Runs tasks that may hang or crash their process in child processes with a timeout. A child is reused for many tasks,
 * because starting one costs most; at most two tasks run at a time. A key that has succeeded is not run again.
 */
export class ChildTasks implements TaskRunner {
  private readonly done = new Set<string>();
  private readonly running = new Map<string, Promise<void>>();
  /** Busy or idle; one that has ended is replaced. */
  private readonly children = new Set<TaskChild>();
  private readonly idle: TaskChild[] = [];
  /** Tasks that wait for a child. */
  private readonly waiting: (() => void)[] = [];
  private busy = 0;
  private isClosed = false;

  constructor(private readonly options: ChildTaskOptions) {}

  /** @param key identifies the task; must be a valid file name @throws ChildTaskError */
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

  /** Where the folder cannot be written, the next start runs the task again; nothing else is lost. */
  private async record(key: string): Promise<void> {
    const { record } = this.options;
    if (record === undefined) return;
    await mkdir(record, { recursive: true })
      .then(() => writeFile(join(record, key), ''))
      .catch(() => undefined);
  }
}

const stopped = (): ChildTaskError => new ChildTaskError('was stopped', undefined, true);
