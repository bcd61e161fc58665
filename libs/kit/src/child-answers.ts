import { ChildTaskError } from './child-task.error.js';
import { SerialQueue } from './serial-queue.js';
import { TaskChild } from './task-child.js';

export interface ChildAnswersOptions {
  /** The script of the child; it calls `serveTasks`. */
  readonly script: string;
  /** A child that takes longer than this over one question is killed. */
  readonly seconds: number;
  /** A child that gets no question for this long ends. */
  readonly idleSeconds: number;
}

/** Asks a child process one question at a time. A child that has ended is replaced at the next question. */
export class ChildAnswers {
  private readonly queue = new SerialQueue();
  private child?: TaskChild;
  private isClosed = false;

  constructor(private readonly options: ChildAnswersOptions) {}

  /** @throws ChildTaskError */
  ask(question: string): Promise<string> {
    return this.queue.run(() => {
      const { script, seconds, idleSeconds } = this.options;
      if (this.isClosed) throw stopped();
      if (!this.child?.isAlive) this.child = new TaskChild(script, seconds, idleSeconds * 1_000);
      return this.child.do(question);
    });
  }

  /** Kills the child; a pending question fails. */
  close(): void {
    this.isClosed = true;
    this.child?.end(stopped());
  }
}

const stopped = (): ChildTaskError => new ChildTaskError('was stopped', undefined, true);
