import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChildTaskError } from './child-task.error.js';
import { writeFile } from './files/write-file.js';
import { TaskChild } from './task-child.js';

/** With two children, a model that never ends blocks only the tasks queued behind it in the same child. */
const CHILDREN = 2;

export interface ChildTaskOptions {
  /** The script of the child; it calls `serveTasks`. */
  readonly script: string;
  /** A child that takes longer than this over one task is killed. */
  readonly seconds: number;
  /** A folder that keeps the answers of keys that succeeded, for later processes; used where it is writable. */
  readonly record?: string;
}

/** Runs tasks in children of this process or of another one. */
export interface TaskRunner {
  /** @returns what the task answered, now or earlier @throws ChildTaskError */
  run(key: string, argument: string): Promise<string>;
  /** Kills the running tasks. */
  close(): void;
}

/**
 * Runs tasks that may hang or crash their process in child processes with a timeout. A child is reused for many tasks,
 * because starting one costs most; at most two tasks run at a time. A key that has succeeded is not run again.
 */
export class ChildTasks implements TaskRunner {
  /** The answers, by key. */
  private readonly done = new Map<string, string>();
  private readonly running = new Map<string, Promise<string>>();
  /** Busy or idle; one that has ended is replaced. */
  private readonly children = new Set<TaskChild>();
  private readonly idle: TaskChild[] = [];
  /** Tasks that wait for a child. */
  private readonly waiting: (() => void)[] = [];
  private busy = 0;
  private isClosed = false;

  constructor(private readonly options: ChildTaskOptions) {}

  /** @param key identifies the task; must be a valid file name @throws ChildTaskError */
  run(key: string, argument: string): Promise<string> {
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

  private async runOnce(key: string, argument: string): Promise<string> {
    const known = this.done.get(key) ?? (await this.recorded(key));
    if (known !== undefined) return known;
    const answer = await this.runInChild(argument);
    this.done.set(key, answer);
    await this.record(key, answer);
    return answer;
  }

  private async runInChild(argument: string): Promise<string> {
    if (this.busy === CHILDREN) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.busy++;
    try {
      if (this.isClosed) throw stopped();
      const child = this.takeChild();
      return await child.do(argument).finally(() => {
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

  private async recorded(key: string): Promise<string | undefined> {
    const { record } = this.options;
    return record === undefined ? undefined : readFile(join(record, key), 'utf8').catch(() => undefined);
  }

  /** Where the folder cannot be written, the next start runs the task again; nothing else is lost. */
  private async record(key: string, answer: string): Promise<void> {
    const { record } = this.options;
    if (record !== undefined) await writeFile(join(record, key), answer).catch(() => undefined);
  }
}

const stopped = (): ChildTaskError => new ChildTaskError('was stopped', undefined, true);
