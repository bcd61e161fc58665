import { randomUUID } from 'node:crypto';
import type { Batch, MonitorStore } from '../store/monitor-store.js';
import { recordEvent } from '../watch/events.js';
import { keepVersion, type WatchedVersion } from '../watch/watched-version.js';
import { LiveCounts } from './live-counts.js';
import type { LogChunk, StoreState } from './log-chunk.js';

/** A process that is killed loses counts of so long at most. */
const EVERY_MILLISECONDS = 10_000;

/** Writes counts to a store. What it does not take is tried again for good, with the same sequence number: counts are never dropped. */
export class CountWriter {
  private readonly counts = new LiveCounts();
  private readonly producer = randomUUID();
  private readonly timer: NodeJS.Timeout;
  private readonly kept = new Set<WatchedVersion>();
  private sequence = 0;
  /** Of which it is not known whether the store has it. */
  private unsure?: Batch;
  private writing?: Promise<void>;

  constructor(
    private readonly store: Pick<MonitorStore, 'append' | 'notes' | 'keep' | 'record'>,
    private readonly wrote: (state: StoreState) => void,
  ) {
    this.timer = setInterval(() => void this.flush(), EVERY_MILLISECONDS).unref();
  }

  know(watched: WatchedVersion): void {
    this.counts.know(watched);
  }

  add(chunk: LogChunk): void {
    this.counts.add(chunk);
  }

  /** Writes what there is; never throws. */
  flush(): Promise<void> {
    this.writing ??= this.write().finally(() => (this.writing = undefined));
    return this.writing;
  }

  /** Writes what there is for the last time. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    await this.flush();
  }

  private async write(): Promise<void> {
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1_000;
    try {
      if (this.unsure) await this.append(this.unsure);
      for (const watched of this.counts.counted) await this.keep(watched);
      const counts = this.counts.take();
      if (counts.length === 0) return;
      await this.append({ producer: this.producer, sequence: ++this.sequence, counts });
      this.wrote({ isUp: true, seconds: seconds() });
    } catch (error) {
      this.wrote({ isUp: false, seconds: seconds(), problem: (error as Error).message });
    }
  }

  private async append(batch: Batch): Promise<void> {
    this.unsure = batch;
    await this.store.append(batch);
    this.unsure = undefined;
  }

  /** Jobs need nothing but the store: it knows the versions whose rows it has. */
  private async keep(watched: WatchedVersion): Promise<void> {
    if (this.kept.has(watched)) return;
    const { model, version, loadedAt } = watched;
    if (await keepVersion(this.store, watched)) {
      await recordEvent(this.store, { kind: 'loaded', model, time: loadedAt, body: { version } }, [version]);
    }
    this.kept.add(watched);
  }
}
