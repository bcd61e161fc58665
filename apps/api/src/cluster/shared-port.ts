import cluster, { type Worker } from 'node:cluster';
import { sendToWorker } from './send-to-worker.js';

/**
 * Messages between the workers and the primary about their shared port; the key `skewless` distinguishes them from
 * other messages.
 */
type PortMessage =
  /** Worker to primary: it has stopped listening. */
  | { readonly skewless: 'port-left' }
  /** Primary to worker: held requests may be answered now; new connections are refused or accepted by other workers. */
  | { readonly skewless: 'port-settled' };

/** How long a worker waits for the others, one of which may be stuck. */
const TIMEOUT_MILLISECONDS = 1_000;

/**
 * In the primary: tracks which workers still listen. The primary itself stops listening right after the last worker.
 */
export class SharedPort {
  private readonly left = new Set<Worker>();

  /**
   * @param isStopping whether all workers shut down; otherwise the others keep listening when one leaves
   * @param workers the live workers
   */
  constructor(
    private readonly isStopping: () => boolean,
    private readonly workers: () => Worker[],
  ) {
    cluster.on('message', (worker, message: PortMessage) => {
      if (message.skewless !== 'port-left') return;
      this.left.add(worker);
      this.settle();
    });
    cluster.on('exit', (worker) => {
      this.left.delete(worker);
      this.settle();
    });
  }

  private settle(): void {
    if (this.isStopping() && !this.workers().every((worker) => this.left.has(worker))) return;
    const message: PortMessage = { skewless: 'port-settled' };
    for (const worker of this.left) sendToWorker(worker, message);
    this.left.clear();
  }
}

/**
 * In a worker that has stopped listening: waits until the other processes that shut down have stopped listening too.
 */
export function portClosed(): Promise<void> {
  if (!cluster.isWorker) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, TIMEOUT_MILLISECONDS);
    process.on('message', (message: PortMessage) => {
      if (message.skewless !== 'port-settled') return;
      clearTimeout(timer);
      resolve();
    });
    process.send?.({ skewless: 'port-left' } satisfies PortMessage, undefined, undefined, () => undefined);
  });
}
