import { ChildTaskError } from './child-task.error.js';
import { SerialQueue } from './serial-queue.js';
import { TaskChild } from './task-child.js';

export interface ChildAnswersOptions {
  /** The script that answers, by `serveTasks`. */
  readonly script: string;
  /** When a child is killed that is still at the same question. */
  readonly seconds: number;
  /** How long a child stays that is asked nothing. */
  readonly idleSeconds: number;
}

/** Asks a child, one question after the other. One that has ended is replaced by the next question. */
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

  /** Ends what is under way. */
  close(): void {
    this.isClosed = true;
    this.child?.end(stopped());
  }
}

const stopped = (): ChildTaskError => new ChildTaskError('was stopped', undefined, true);
