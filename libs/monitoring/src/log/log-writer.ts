import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MonitorStore } from '../store/monitor-store.js';
import { LabelTaker, type TakenLabels } from '../feedback/take-labels.js';
import { readWatch, type WatchNote } from '../watch/watch-note.js';
import type { WatchedVersion } from '../watch/watched-version.js';
import { CountWriter } from './count-writer.js';
import type { LogChunk, LogListener, LogTarget } from './log-chunk.js';
import { buffersOf } from './open-chunk.js';
import { bytesOfIds, NO_TEXTS, RecordRows } from './record-rows.js';
import { RecordText } from './record-text.js';
import { type KeepRules, RowTexts } from './row-texts.js';

/** Of one batch: an insert of so many takes some 20 ms. */
const BATCH_ROWS = 5_000;
/** Before a failed batch is tried again. */
const DELAYS_MILLISECONDS = [100, 500];
/** Rows that may wait for the store; records of more are dropped, and their rows counted all the same. */
const MAX_ROWS = 250_000;

/**
 * Writes chunks to a store, a batch after the other. One that fails is tried again with the same sequence number, so that it
 * is in the store once whatever became of the first try; then its rows are dropped.
 */
export class LogWriter implements LogTarget {
  private readonly producer = randomUUID();
  private sequence = 0;
  private readonly text = new RecordText();
  private waiting: LogChunk[] = [];
  private waitingRows = 0;
  private readonly counts: CountWriter;
  private readonly labels: LabelTaker;
  private readonly texts = new Map<string, RowTexts>();
  private working?: Promise<void>;
  private isEnding = false;

  constructor(
    private readonly store: MonitorStore,
    private readonly listener: LogListener,
  ) {
    this.labels = new LabelTaker(store);
    this.counts = new CountWriter(store, (state) => listener.wrote(state));
  }

  know(watched: WatchedVersion, keep: KeepRules): void {
    this.counts.know(watched);
    this.labels.know(watched);
    this.texts.set(`${watched.model}\n${watched.version}`, new RowTexts(watched.inputs, keep));
  }

  write(chunk: LogChunk): void {
    this.counts.add(chunk);
    const texts = this.textsOf(chunk);
    const record = texts.isNothing ? { ...chunk, columns: [] } : chunk;
    if (texts.isNothing && chunk.columns.length > 0) this.listener.freed(chunk.columns[0].buffer);
    if (this.waitingRows + chunk.rows > MAX_ROWS) return this.drop([record]);
    this.waiting.push(record);
    this.waitingRows += chunk.rows;
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  takeLabels(labels: readonly unknown[]): Promise<TakenLabels> {
    return this.labels.take(labels);
  }

  async readWatches(models: readonly string[]): Promise<Readonly<Record<string, WatchNote>>> {
    const notes = await Promise.all(models.map(async (model) => [model, await readWatch(this.store, model)] as const));
    return Object.fromEntries(notes.flatMap(([model, note]) => (note ? [[model, note]] : [])));
  }

  async close(milliseconds: number): Promise<void> {
    const over = sleep(milliseconds, undefined, { ref: false }).then(() => (this.isEnding = true));
    await Promise.race([this.counts.close(), over]);
    while (this.working && !this.isEnding) await Promise.race([this.working, over]);
    this.drop(this.waiting.splice(0));
    await Promise.race([this.store.close().catch(() => undefined), over]);
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0 && !this.isEnding) {
      const chunks = this.take();
      if (await this.append(chunks)) {
        for (const chunk of chunks) {
          const { model, rows } = chunk;
          const sampledOut = this.textsOf(chunk).leftOut(bytesOfIds(chunk), rows);
          this.free(chunk);
          this.listener.ended({ model, logged: rows - sampledOut, sampledOut, dropped: 0 });
        }
      } else this.drop(chunks);
    }
  }

  private textsOf({ model, version }: LogChunk): RowTexts {
    return this.texts.get(`${model}\n${version}`) ?? NO_TEXTS;
  }

  private take(): LogChunk[] {
    let [count, rows] = [0, 0];
    while (count < this.waiting.length && (count === 0 || rows + this.waiting[count].rows <= BATCH_ROWS)) {
      rows += this.waiting[count++].rows;
    }
    this.waitingRows -= rows;
    return this.waiting.splice(0, count);
  }

  private async append(chunks: readonly LogChunk[]): Promise<boolean> {
    const rows = new RecordRows(chunks, this.text, (chunk) => this.textsOf(chunk));
    const batch = { producer: this.producer, sequence: ++this.sequence, rows };
    for (const delay of [...DELAYS_MILLISECONDS, undefined]) {
      const started = performance.now();
      const seconds = (): number => (performance.now() - started) / 1_000;
      try {
        await this.store.append(batch);
        this.listener.wrote({ isUp: true, seconds: seconds() });
        return true;
      } catch (error) {
        this.listener.wrote({ isUp: false, seconds: seconds(), problem: (error as Error).message });
        if (delay === undefined || this.isEnding) return false;
        await sleep(delay);
      }
    }
    return false;
  }

  private drop(chunks: readonly LogChunk[]): void {
    for (const chunk of chunks) {
      this.free(chunk);
      this.listener.ended({ model: chunk.model, logged: 0, dropped: chunk.rows });
    }
  }

  private free(chunk: LogChunk): void {
    for (const buffer of buffersOf(chunk)) this.listener.freed(buffer);
  }
}
