import type { Registry } from 'prom-client';
import type { MetricsMessage } from './messages.js';

const TIMEOUT_MILLISECONDS = 3_000;

/** In a worker: sends the metrics of this process to the primary, and asks it for those of all workers. */
export class WorkerMetrics {
  private readonly waiting = new Map<
    number,
    (message: Extract<MetricsMessage, { skewless: 'metrics-shown' }>) => void
  >();
  private nextId = 0;

  constructor(private readonly registry: Registry) {
    process.on('message', (message: MetricsMessage) => {
      if (message.skewless === 'metrics-shown') this.waiting.get(message.id)?.(message);
      if (message.skewless === 'snapshot-wanted') void this.answer(message.id);
    });
  }

  /** @throws Error if the primary does not answer */
  metrics(): Promise<string> {
    const id = this.nextId++;
    return new Promise<string>((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error('The primary process shows no metrics')), TIMEOUT_MILLISECONDS);
      this.waiting.set(id, ({ text, error }) => {
        clearTimeout(timeout);
        if (text === undefined) reject(new Error(error));
        else resolve(text);
      });
      send({ skewless: 'metrics-wanted', id });
    }).finally(() => this.waiting.delete(id));
  }

  private async answer(id: number): Promise<void> {
    send({ skewless: 'snapshot', id, snapshot: await this.registry.getMetricsAsJSON() });
  }
}

function send(message: MetricsMessage): void {
  process.send?.(message);
}
