import { existsSync } from 'node:fs';
import { ChildTasks } from '#kit';
import type { StoreLease, MonitorStore } from './monitor-store.js';
import { openStore, type StoreOptions } from './open-store.js';

const EVERY_MILLISECONDS = 300_000;
/** Longer than the interval, so that the lease survives a late renewal. */
const LEASE_SECONDS = 900;
/** A child process that takes longer is killed; the next one continues its work. */
const TASK_SECONDS = 600;

export interface StoreMaintenanceOptions extends StoreOptions {
  /** Script of the child process; without the file there is no maintenance. */
  readonly script: string;
  readonly tell: (problem: string) => void;
}

/** Watches and prunes a store every five minutes in a child process, in one server at a time by means of a lease. */
export class StoreMaintenance {
  private readonly children: ChildTasks;
  private readonly timer: NodeJS.Timeout;
  private store?: MonitorStore;
  private lease?: StoreLease;
  private runs = 0;

  constructor(private readonly options: StoreMaintenanceOptions) {
    this.children = new ChildTasks({ script: options.script, seconds: TASK_SECONDS });
    this.timer = setInterval(() => void this.maintain(), EVERY_MILLISECONDS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.children.close();
    await this.lease?.release().catch(() => undefined);
    await this.store?.close().catch(() => undefined);
  }

  private async maintain(): Promise<void> {
    const { script, tell, store, schema, maxBytes } = this.options;
    if (!existsSync(script)) return;
    try {
      this.store ??= await openStore(this.options);
      this.lease = await this.store.lease('maintenance', LEASE_SECONDS);
      if (this.lease)
        await this.children.run(`maintenance ${++this.runs}`, JSON.stringify({ store, schema, maxBytes }));
    } catch (error) {
      tell((error as Error).message);
    }
  }
}
