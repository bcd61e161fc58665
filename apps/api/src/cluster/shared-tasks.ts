import cluster from 'node:cluster';
import { ChildTaskError, type TaskRunner } from '#kit';
import { sendToWorker } from './send-to-worker.js';

/**
 * Messages between the workers and the primary about tasks; the key `skewless` distinguishes them from other messages.
 */
type TaskMessage =
  /** Worker to primary. */
  | { readonly skewless: 'task-wanted'; readonly id: number; readonly key: string; readonly argument: string }
  /** Primary to worker. */
  | { readonly skewless: 'task-ended'; readonly id: number; readonly error?: TaskFailure };

type TaskFailure = Pick<ChildTaskError, 'message' | 'output' | 'isUnstarted'>;

/** In the primary: runs each task that workers request once for all of them. */
export function shareTasks(tasks: TaskRunner): void {
  cluster.on('message', (worker, message: TaskMessage) => {
    if (message.skewless !== 'task-wanted') return;
    const { id, key, argument } = message;
    tasks.run(key, argument).then(
      () => sendToWorker<TaskMessage>(worker, { skewless: 'task-ended', id }),
      ({ message, output, isUnstarted = true }: TaskFailure) =>
        sendToWorker<TaskMessage>(worker, { skewless: 'task-ended', id, error: { message, output, isUnstarted } }),
    );
  });
}

/** How long the primary may take beyond the task's own limit before it is considered gone. */
const TIMEOUT_MILLISECONDS = 10_000;

/** In a worker: delegates tasks to the primary. */
export class PrimaryTasks implements TaskRunner {
  private readonly waiting = new Map<number, (error?: TaskFailure) => void>();
  private nextId = 0;
  private isClosed = false;

  constructor(private readonly seconds: number) {
    process.on('message', (message: TaskMessage) => {
      if (message.skewless === 'task-ended') this.waiting.get(message.id)?.(message.error);
    });
  }

  run(key: string, argument: string): Promise<void> {
    const id = this.nextId++;
    return new Promise<void>((resolve, reject) => {
      const end = (error?: TaskFailure): void => {
        clearTimeout(timer);
        this.waiting.delete(id);
        if (error) reject(new ChildTaskError(error.message, error.output, error.isUnstarted));
        else resolve();
      };
      const gone = { message: 'was not begun: the primary process does not answer', isUnstarted: true };
      const timer = setTimeout(() => end(gone), this.seconds * 1_000 + TIMEOUT_MILLISECONDS);
      this.waiting.set(id, end);
      if (this.isClosed) end({ message: 'was stopped', isUnstarted: true });
      else process.send?.({ skewless: 'task-wanted', id, key, argument } satisfies TaskMessage);
    });
  }

  close(): void {
    this.isClosed = true;
    for (const end of [...this.waiting.values()]) end({ message: 'was stopped', isUnstarted: true });
  }
}
