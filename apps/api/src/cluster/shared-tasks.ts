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
  | ({ readonly skewless: 'task-ended'; readonly id: number } & TaskEnd);

type TaskEnd = { readonly answer: string } | { readonly error: TaskFailure };
type TaskFailure = Pick<ChildTaskError, 'message' | 'output' | 'isUnstarted'>;

/** In the primary: runs each task that workers request once for all of them. */
export function shareTasks(tasks: TaskRunner): void {
  cluster.on('message', (worker, message: TaskMessage) => {
    if (message.skewless !== 'task-wanted') return;
    const { id, key, argument } = message;
    tasks.run(key, argument).then(
      (answer) => sendToWorker<TaskMessage>(worker, { skewless: 'task-ended', id, answer }),
      ({ message, output, isUnstarted = true }: TaskFailure) =>
        sendToWorker<TaskMessage>(worker, { skewless: 'task-ended', id, error: { message, output, isUnstarted } }),
    );
  });
}

/** How long the primary may take beyond the task's own limit before it is considered gone. */
const TIMEOUT_MILLISECONDS = 10_000;

const STOPPED: TaskEnd = { error: { message: 'was stopped', isUnstarted: true } };

/** In a worker: delegates tasks to the primary. */
export class PrimaryTasks implements TaskRunner {
  private readonly waiting = new Map<number, (end: TaskEnd) => void>();
  private nextId = 0;
  private isClosed = false;

  constructor(private readonly seconds: number) {
    process.on('message', (message: TaskMessage) => {
      if (message.skewless === 'task-ended') this.waiting.get(message.id)?.(message);
    });
  }

  run(key: string, argument: string): Promise<string> {
    const id = this.nextId++;
    return new Promise<string>((resolve, reject) => {
      const end = (ended: TaskEnd): void => {
        clearTimeout(timer);
        this.waiting.delete(id);
        if ('answer' in ended) resolve(ended.answer);
        else reject(new ChildTaskError(ended.error.message, ended.error.output, ended.error.isUnstarted));
      };
      const gone = { message: 'was not begun: the primary process does not answer', isUnstarted: true };
      const timer = setTimeout(() => end({ error: gone }), this.seconds * 1_000 + TIMEOUT_MILLISECONDS);
      this.waiting.set(id, end);
      if (this.isClosed) end(STOPPED);
      else process.send?.({ skewless: 'task-wanted', id, key, argument } satisfies TaskMessage);
    });
  }

  close(): void {
    this.isClosed = true;
    for (const end of [...this.waiting.values()]) end(STOPPED);
  }
}
