import { existsSync } from 'node:fs';
import { ChildTasks } from '#kit';
import type { Lease, MonitorStore } from './monitor-store.js';
import { openStore, type StoreOptions } from './open-store.js';

const EVERY_MILLISECONDS = 300_000;
/** A lease outlives a time or two that its holder is late. */
const LEASE_SECONDS = 900;
/** A child that takes longer is killed; another goes on where it was. */
const HOUSE_SECONDS = 600;

export interface HouseKeeperOptions extends StoreOptions {
  /** Of the process that does it; where the file is not there, nobody does. */
  readonly script: string;
  readonly tell: (problem: string) => void;
}

/** Has the house of a store kept every five minutes, in a process of its own, by one of all who would. */
export class HouseKeeper {
  private readonly children: ChildTasks;
  private readonly timer: NodeJS.Timeout;
  private store?: MonitorStore;
  private lease?: Lease;
  private turn = 0;

  constructor(private readonly options: HouseKeeperOptions) {
    this.children = new ChildTasks({ script: options.script, seconds: HOUSE_SECONDS });
    this.timer = setInterval(() => void this.keep(), EVERY_MILLISECONDS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.children.close();
    await this.lease?.release().catch(() => undefined);
    await this.store?.close().catch(() => undefined);
  }

  private async keep(): Promise<void> {
    const { script, tell, store, schema, maxBytes } = this.options;
    if (!existsSync(script)) return;
    try {
      this.store ??= await openStore(this.options);
      this.lease = await this.store.lease('keeper', LEASE_SECONDS);
      if (this.lease) await this.children.run(`house ${++this.turn}`, JSON.stringify({ store, schema, maxBytes }));
    } catch (error) {
      tell((error as Error).message);
    }
  }
}
