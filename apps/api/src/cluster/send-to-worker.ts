import type { Worker } from 'node:cluster';

/** Sends a message from the primary. A worker that has just ended does not get it, which does not matter. */
export function sendToWorker<M extends object>(worker: Worker, message: M): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}
