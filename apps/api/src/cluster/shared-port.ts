import cluster, { type Worker } from 'node:cluster';

/** What workers and their primary say to each other of the port that they share; `skewless` tells these messages from others'. */
type PortMessage =
  /** Worker to primary: it has stopped listening. */
  | { readonly skewless: 'port-left' }
  /** Primary to worker: clients may be answered, for their next connections are refused, or taken by others. */
  | { readonly skewless: 'port-settled' };

/** How long a worker waits for others: one may be stuck. */
const PATIENCE_MILLISECONDS = 1_000;

/** In the primary: knows who still listens. The primary itself leaves the port right after its last worker. */
export class SharedPort {
  private readonly left = new Set<Worker>();

  /**
   * @param isStopping whether all workers are to end; else others go on listening when one leaves
   * @param workers those alive
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
    for (const worker of this.left) if (worker.isConnected()) worker.send(message, () => undefined);
    this.left.clear();
  }
}

/** In a worker that has stopped listening: waits until no other process that is to end listens either. */
export function portClosed(): Promise<void> {
  if (!cluster.isWorker) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MILLISECONDS);
    process.on('message', (message: PortMessage) => {
      if (message.skewless !== 'port-settled') return;
      clearTimeout(timer);
      resolve();
    });
    process.send?.({ skewless: 'port-left' } satisfies PortMessage, undefined, undefined, () => undefined);
  });
}
