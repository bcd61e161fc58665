import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MonitorStore } from '../store/monitor-store.js';
import type { PredictionRows } from '../store/rows.js';
import { type LabelInput, LabelTaker, type TakenLabels } from '../feedback/take-labels.js';
import { readWatch, type WatchNote } from '../watch/watch-note.js';
import type { WatchedVersion } from '../watch/watched-version.js';
import { CountWriter } from './count-writer.js';
import type { LogChunk, LogListener, LogTarget } from './log-chunk.js';
import { KEEP_NOTHING, type KeepRules, RowTexts } from './row-texts.js';

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
    this.texts.set(`${watched.model}\n${watched.version}`, new RowTexts(watched.inputs, keep));
  }

  write(chunk: LogChunk): void {
    this.counts.add(chunk);
    const texts = this.textsOf(chunk);
    const record = texts.isNothing ? { ...chunk, columns: [] } : chunk;
    if (this.waitingRows + chunk.rows > MAX_ROWS) return this.drop([record]);
    this.waiting.push(record);
    this.waitingRows += chunk.rows;
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  takeLabels(labels: readonly LabelInput[]): Promise<TakenLabels> {
    return this.labels.takeAll(labels);
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
          const sampledOut = this.textsOf(chunk).leftOut(bytesOf(chunk), rows);
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
    const batch = {
      producer: this.producer,
      sequence: ++this.sequence,
      rows: rowsOf(chunks, (chunk) => this.textsOf(chunk)),
    };
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
    for (const { model, rows } of chunks) this.listener.ended({ model, logged: 0, dropped: rows });
  }
}

const NO_TEXTS = new RowTexts([], KEEP_NOTHING);

const bytesOf = ({ ids }: LogChunk): Buffer => Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength);

function rowsOf(chunks: readonly LogChunk[], textsOf: (chunk: LogChunk) => RowTexts): PredictionRows {
  const ids: string[] = [];
  const [models, versions, predictions]: [string[], string[], string[]] = [[], [], []];
  const [externalIds, slices, raw]: (string | null)[][] = [[], [], []];
  const [scores, weights]: (number | null)[][] = [[], []];
  for (const chunk of chunks) {
    const bytes = bytesOf(chunk);
    const texts = textsOf(chunk);
    for (let row = 0; row < chunk.rows; row++) {
      ids.push(uuid(bytes.toString('hex', row * 16, row * 16 + 16)));
      models.push(chunk.model);
      versions.push(chunk.version);
      predictions.push(chunk.values ? String(chunk.values[row]) : chunk.labels[chunk.classes[row]]);
      scores.push(chunk.values ? null : chunk.scores[row]);
      externalIds.push(chunk.externalIds?.[row] ?? null);
      slices.push(texts.slices?.(chunk.columns, row) ?? null);
      const kept = texts.rawOf(chunk.columns, row, bytes);
      raw.push(kept?.raw ?? null);
      weights.push(kept?.weight ?? null);
    }
  }
  return { ids, externalIds, models, versions, predictions, scores, slices, raw, weights };
}

const uuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
