import { existsSync } from 'node:fs';
import { ChildTasks } from '#kit';
import type { StoreLease, MonitorStore } from './monitor-store.js';
import { openStore, type StoreOptions } from './open-store.js';

const EVERY_MILLISECONDS = 300_000;
/** A lease outlives a time or two that its holder is late. */
const LEASE_SECONDS = 900;
/** A child that takes longer is killed; another goes on where it was. */
const TASK_SECONDS = 600;

export interface StoreMaintenanceOptions extends StoreOptions {
  /** Of the process that does it; where the file is not there, nobody does. */
  readonly script: string;
  readonly tell: (problem: string) => void;
}

/** Has a store watched and pruned every five minutes, in a process of its own, by one of all who would. */
export class StoreMaintenance {
  private readonly children: ChildTasks;
  private readonly timer: NodeJS.Timeout;
  private store?: MonitorStore;
  private lease?: StoreLease;
  private turn = 0;

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
        await this.children.run(`maintenance ${++this.turn}`, JSON.stringify({ store, schema, maxBytes }));
    } catch (error) {
      tell((error as Error).message);
    }
  }
}
