import cluster, { type Worker } from 'node:cluster';
import { Registry } from 'prom-client';
import { sendToWorker } from '../../cluster/send-to-worker.js';
import { showRestarts } from '../process.metrics.js';
import { cumulative, mergeSnapshots } from './merge-snapshots.js';
import type { MetricsMessage, MetricsSnapshot } from './messages.js';

const TIMEOUT_MILLISECONDS = 1_000;

interface Round {
  readonly waitingFor: Set<number>;
  readonly done: () => void;
}

/** In the primary: combines the metrics of all its workers, including ended ones. */
export class MetricsHub {
  private readonly own = new Registry();
  private readonly latest = new Map<number, MetricsSnapshot>();
  private ended: MetricsSnapshot = [];
  private readonly rounds = new Map<number, Round>();
  private nextRound = 0;
  private forks = 0;

  /** @param workers number of workers started at boot; later ones are restarts */
  constructor(workers: number) {
    showRestarts(this.own, () => Math.max(0, this.forks - workers));
    cluster.on('fork', () => this.forks++);
    cluster.on('message', (worker, message: MetricsMessage) => this.receive(worker, message));
    cluster.on('exit', ({ id }) => void this.retire(id));
  }

  /** Asks every worker; for a worker that does not answer in time, its last snapshot is used. */
  async metrics(): Promise<string> {
    await this.askWorkers();
    return mergeSnapshots([...this.latest.values(), this.ended, await this.own.getMetricsAsJSON()]).metrics();
  }

  private askWorkers(): Promise<void> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected());
    if (workers.length === 0) return Promise.resolve();
    const id = this.nextRound++;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timeout);
        this.rounds.delete(id);
        resolve();
      };
      const timeout = setTimeout(done, TIMEOUT_MILLISECONDS);
      this.rounds.set(id, { waitingFor: new Set(workers.map((worker) => worker!.id)), done });
      for (const worker of workers) sendToWorker<MetricsMessage>(worker!, { skewless: 'snapshot-wanted', id });
    });
  }

  private receive(worker: Worker, message: MetricsMessage): void {
    if (message.skewless === 'snapshot') {
      this.latest.set(worker.id, message.snapshot);
      this.settle(message.id, worker.id);
    } else if (message.skewless === 'metrics-wanted') {
      const { id } = message;
      this.metrics().then(
        (text) => sendToWorker<MetricsMessage>(worker, { skewless: 'metrics-shown', id, text }),
        (error: Error) => sendToWorker<MetricsMessage>(worker, { skewless: 'metrics-shown', id, error: error.message }),
      );
    }
  }

  private settle(round: number, worker: number): void {
    const asked = this.rounds.get(round);
    asked?.waitingFor.delete(worker);
    if (asked?.waitingFor.size === 0) asked.done();
  }

  private async retire(worker: number): Promise<void> {
    const last = this.latest.get(worker);
    this.latest.delete(worker);
    for (const round of this.rounds.keys()) this.settle(round, worker);
    if (last) this.ended = await mergeSnapshots([this.ended, cumulative(last)]).getMetricsAsJSON();
  }
}
