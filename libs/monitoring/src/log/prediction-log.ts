import { existsSync } from 'node:fs';
import { openStore, type StoreOptions } from '../store/open-store.js';
import type { TakenLabels } from '../feedback/take-labels.js';
import type { KeepRules } from './row-texts.js';
import type { WatchNote } from '../watch/watch-note.js';
import type { WatchedVersion } from '../watch/watched-version.js';
import type { LogListener, LogOutcome, LogTarget, StoreState } from './log-chunk.js';
import { LogWorker } from './log-worker.js';
import { LogWriter } from './log-writer.js';
import { type RowsToLog, OpenChunk } from './open-chunk.js';
import { BufferPool } from './buffer-pool.js';

const FLUSH_MILLISECONDS = 500;
/** Rows that may be on their way to the store, some 30 bytes each; more are dropped. */
const MAX_ROWS = 500_000;

export interface LogOptions extends StoreOptions {
  /** Of the thread that writes; where the file is not there, this thread does. */
  readonly script: string;
  /** Is told when the store fails, and when it works again. */
  readonly tell: (state: StoreState) => void;
}

/** What became of the rows of a model; what is still on its way is in none of them. */
export interface LogTally {
  logged: number;
  sampledOut: number;
  dropped: number;
}

/**
 * A record of every answered row, on its way to the store. Never throws, waits or grows: what the store does not take in time
 * is dropped and counted, so that the rows answered are those logged, dropped and on their way.
 */
export class PredictionLog {
  readonly tallies = new Map<string, LogTally>();
  state: StoreState = { isUp: true, seconds: 0 };
  /** Of all writes so far, in seconds. */
  onWrite: (seconds: number) => void = () => undefined;
  /** By model, then by version. */
  private readonly chunks = new Map<string, Map<string, OpenChunk>>();
  private readonly pool = new BufferPool();
  private readonly target: Promise<LogTarget>;
  private timer?: NodeJS.Timeout;
  /** On their way. */
  private pending = 0;

  constructor(private readonly options: LogOptions) {
    const listener: LogListener = {
      freed: (buffer) => this.pool.give(buffer),
      ended: (outcome) => this.ended(outcome),
      wrote: (state) => this.wrote(state),
    };
    this.target = existsSync(options.script)
      ? Promise.resolve(new LogWorker(options.script, storeOptions(options), listener))
      : openStore(options).then((store) => new LogWriter(store, listener));
  }

  /** Rows that are on their way. */
  get bufferedRows(): number {
    return this.pending;
  }

  /** Shows a model from now on, also where nothing was answered yet. */
  show(model: string): void {
    if (!this.tallies.has(model)) this.tallies.set(model, { logged: 0, sampledOut: 0, dropped: 0 });
  }

  /** Counts the rows of a version from now on. */
  know(watched: WatchedVersion, keep: KeepRules): void {
    void this.target.then((target) => target.know(watched, keep));
  }

  scored({ name: model, version }: { readonly name: string; readonly version: string }, answered: RowsToLog): void {
    this.show(model);
    if (this.pending + answered.rows > MAX_ROWS) {
      this.tallies.get(model)!.dropped += answered.rows;
      return;
    }
    this.pending += answered.rows;
    const end = answered.start + answered.rows;
    for (let from = answered.start; from < end;) {
      const chunk = this.chunkOf(model, version, answered);
      from = chunk.add(answered, from, end);
      if (chunk.isFull) this.send(chunk);
    }
    this.timer ??= setTimeout(this.flush, FLUSH_MILLISECONDS).unref();
  }

  /** @throws Error with what the store says, where it fails */
  async takeLabels(labels: readonly unknown[]): Promise<TakenLabels> {
    // Those of a moment ago may be of rows that are still here.
    this.flush();
    return (await this.target).takeLabels(labels);
  }

  /** What the watch knows of these models; nothing of those that it has not run over. */
  async readWatches(models: readonly string[]): Promise<Readonly<Record<string, WatchNote>>> {
    return (await this.target).readWatches(models);
  }

  /** Sends what is there to the writer. */
  readonly flush = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const versions of this.chunks.values()) for (const chunk of versions.values()) this.send(chunk);
  };

  /** Writes what is there, as long as that may take. */
  async close(milliseconds: number): Promise<void> {
    this.flush();
    await (await this.target).close(milliseconds);
  }

  private chunkOf(model: string, version: string, answered: RowsToLog): OpenChunk {
    let versions = this.chunks.get(model);
    if (!versions) this.chunks.set(model, (versions = new Map<string, OpenChunk>()));
    let chunk = versions.get(version);
    if (!chunk) versions.set(version, (chunk = new OpenChunk(model, version, answered, this.pool)));
    return chunk;
  }

  private send(chunk: OpenChunk): void {
    this.chunks.get(chunk.model)!.delete(chunk.version);
    void this.target.then((target) => target.write(chunk.end()));
  }

  private ended({ model, logged, sampledOut = 0, dropped }: LogOutcome): void {
    const tally = this.tallies.get(model)!;
    tally.logged += logged;
    tally.sampledOut += sampledOut;
    tally.dropped += dropped;
    this.pending -= logged + sampledOut + dropped;
  }

  private wrote(state: StoreState): void {
    if (state.isUp !== this.state.isUp) this.options.tell(state);
    this.state = state;
    this.onWrite(state.seconds);
  }
}

const storeOptions = ({ store, schema, maxBytes }: StoreOptions): StoreOptions => ({ store, schema, maxBytes });
