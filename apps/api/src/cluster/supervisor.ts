import cluster, { type Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { SharedPort } from './shared-port.js';

/** Exit code of a worker that cannot start and must not be restarted: the port is in use, or a setting is invalid. */
export const EXIT_CANNOT_START = 78;

/** Environment variable of workers that load their model before they listen, because others already serve. */
export const LISTENS_LOADED = 'SKEWLESS_LISTENS_LOADED';

/**
 * Message of the first worker: its first load has ended, successfully or not. `skewless` distinguishes it from other
 * messages.
 */
export const FIRST_LOAD_ENDED = { skewless: 'first-load-ended' } as const;

/** How long a worker may take to exit beyond its time to drain. */
const MARGIN_MILLISECONDS = 5_000;
const HEALTHY_MILLISECONDS = 10_000;
const FIRST_DELAY_MILLISECONDS = 100;
const MAX_DELAY_MILLISECONDS = 30_000;

/** Runs N workers, restarts those that crash (with exponential backoff), and drains on a signal. */
export class Supervisor {
  private stopping = false;
  private quickCrashes = 0;
  private exitCode = 0;

  /** @param endMilliseconds how long a worker may take to exit after the signal before it is killed */
  constructor(
    private readonly workers: number,
    private readonly endMilliseconds: number,
    private readonly logger: Logger,
  ) {}

  start(): void {
    // Workers accept from one kernel queue. By default Node's primary passes connections on, and one in transit to a
    // worker that is killed is never answered.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    new SharedPort(
      () => this.stopping,
      () => this.alive(),
    );
    cluster.on('exit', (worker, code, signal) => void this.onExit(worker, code, signal));
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.stop());
    cluster.on('message', (_, message: { skewless?: string }) => {
      if (message.skewless === FIRST_LOAD_ENDED.skewless) this.forkOthers();
    });
    this.logger.info(`Starting ${this.workers} workers`);
    this.fork(false);
  }

  /** Not earlier: if only some workers were ready, the port would alternate between "ready" and 503. */
  private forkOthers(): void {
    if (this.stopping) return;
    for (let missing = this.workers - this.alive().length; missing > 0; missing--) this.fork(true);
  }

  private fork(listensLoaded: boolean): void {
    const worker = cluster.fork(listensLoaded ? { [LISTENS_LOADED]: '1' } : {});
    const started = Date.now();
    worker.once('exit', () => {
      this.quickCrashes = Date.now() - started < HEALTHY_MILLISECONDS ? this.quickCrashes + 1 : 0;
    });
  }

  private stop(): void {
    this.stopping = true;
    const workers = this.alive();
    if (workers.length === 0) process.exit(this.exitCode);
    for (const worker of workers) worker.process.kill('SIGTERM');
    // A stopped or stuck worker ignores the signal.
    setTimeout(() => {
      for (const worker of this.alive()) worker.process.kill('SIGKILL');
    }, this.endMilliseconds + MARGIN_MILLISECONDS).unref();
  }

  private alive(): Worker[] {
    return Object.values(cluster.workers ?? {}).flatMap((worker) => (worker && !worker.isDead() ? [worker] : []));
  }

  private async onExit(worker: Worker, code: number | null, signal: string | null): Promise<void> {
    if (code === EXIT_CANNOT_START) {
      this.exitCode = EXIT_CANNOT_START;
      this.stop();
    }
    if (!this.stopping) {
      const delay = Math.min(MAX_DELAY_MILLISECONDS, FIRST_DELAY_MILLISECONDS * 2 ** (this.quickCrashes - 1));
      this.logger.error(`Worker ${worker.process.pid} ended with ${signal ?? code}; another starts in ${delay} ms`);
      await sleep(delay);
    }
    const alive = this.alive().length;
    if (this.stopping) {
      if (alive === 0) process.exit(this.exitCode);
    } else if (alive < this.workers) {
      this.fork(alive > 0);
    }
  }
}
