import { existsSync } from 'node:fs';
import { openStore, type StoreOptions } from '../store/open-store.js';
import type { LogChunk, LogListener, LogOutcome, LogTarget, StoreState } from './log-chunk.js';
import { LogWorker } from './log-worker.js';
import { LogWriter } from './log-writer.js';

/** Rows of one version that go to the writer together. */
const CHUNK_ROWS = 4_096;
const FLUSH_MILLISECONDS = 500;
/** Rows that may be on their way to the store, some 30 bytes each; more are dropped. */
const MAX_ROWS = 500_000;

/** Rows that a model has answered. What {@link PredictionLog.scored} takes is copied. */
export interface AnsweredRows {
  readonly start: number;
  readonly rows: number;
  /** UUIDv7, 16 bytes for each row; this and the lists below from row 0 on. */
  readonly ids: Uint8Array;
  readonly labels: readonly (string | number)[];
  readonly classIndices: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
  /** What a regression says. */
  readonly values?: ArrayLike<number>;
}

export interface LogOptions extends StoreOptions {
  /** Of the thread that writes; where the file is not there, this thread does. */
  readonly script: string;
  /** Is told when the store fails, and when it works again. */
  readonly tell: (state: StoreState) => void;
}

/** What became of the rows of a model; what is still on its way is in none of them. */
export interface LogTally {
  logged: number;
  dropped: number;
}

type OpenChunk = { -readonly [Key in keyof LogChunk]: LogChunk[Key] };

/**
 * A record of every answered row, on its way to the store. Never throws, waits or grows: what the store does not take in time
 * is dropped and counted, so that the rows answered are those logged, dropped and on their way.
 */
export class PredictionLog {
  readonly tallies = new Map<string, LogTally>();
  state: StoreState = { isUp: true, seconds: 0 };
  /** Of all writes so far, in seconds. */
  onWrite: (seconds: number) => void = () => undefined;
  private readonly chunks = new Map<string, OpenChunk>();
  private readonly target: Promise<LogTarget>;
  private timer?: NodeJS.Timeout;
  /** On their way. */
  private pending = 0;

  constructor(private readonly options: LogOptions) {
    const listener: LogListener = { ended: (outcome) => this.ended(outcome), wrote: (state) => this.wrote(state) };
    this.target = existsSync(options.script)
      ? Promise.resolve(new LogWorker(options.script, storeOptions(options), listener))
      : openStore(options).then((store) => new LogWriter(store, listener));
  }

  /** Rows that are on their way. */
  get bufferedRows(): number {
    return this.pending;
  }

  /** Shows a model from now on, also where nothing was answered yet. */
  know(model: string): void {
    if (!this.tallies.has(model)) this.tallies.set(model, { logged: 0, dropped: 0 });
  }

  scored({ name: model, version }: { readonly name: string; readonly version: string }, answered: AnsweredRows): void {
    this.know(model);
    if (this.pending + answered.rows > MAX_ROWS) {
      this.tallies.get(model)!.dropped += answered.rows;
      return;
    }
    this.pending += answered.rows;
    const end = answered.start + answered.rows;
    for (let from = answered.start; from < end;) {
      const chunk = this.chunkOf(model, version, answered);
      const until = Math.min(end, from + CHUNK_ROWS - chunk.rows);
      add(chunk, answered, from, until);
      if (chunk.rows === CHUNK_ROWS) this.send(chunk);
      from = until;
    }
    this.timer ??= setTimeout(this.flush, FLUSH_MILLISECONDS).unref();
  }

  /** Sends what is there to the writer. */
  readonly flush = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const chunk of this.chunks.values()) this.send(chunk);
  };

  /** Writes what is there, as long as that may take. */
  async close(milliseconds: number): Promise<void> {
    this.flush();
    await (await this.target).close(milliseconds);
  }

  private chunkOf(model: string, version: string, { labels, values }: AnsweredRows): OpenChunk {
    const key = `${model}\n${version}`;
    let chunk = this.chunks.get(key);
    if (!chunk) {
      chunk = {
        model,
        version,
        labels: labels.map(String),
        rows: 0,
        ids: new Uint8Array(CHUNK_ROWS * 16),
        classes: new Uint16Array(CHUNK_ROWS),
        scores: new Float32Array(CHUNK_ROWS),
        ...(values && { values: new Float64Array(CHUNK_ROWS) }),
      };
      this.chunks.set(key, chunk);
    }
    return chunk;
  }

  private send(chunk: OpenChunk): void {
    this.chunks.delete(`${chunk.model}\n${chunk.version}`);
    const { rows } = chunk;
    const whole =
      rows === CHUNK_ROWS
        ? chunk
        : {
            ...chunk,
            ids: chunk.ids.slice(0, rows * 16),
            classes: chunk.classes.slice(0, rows),
            scores: chunk.scores.slice(0, rows),
            ...(chunk.values && { values: chunk.values.slice(0, rows) }),
          };
    void this.target.then((target) => target.write(whole));
  }

  private ended({ model, logged, dropped }: LogOutcome): void {
    const tally = this.tallies.get(model)!;
    tally.logged += logged;
    tally.dropped += dropped;
    this.pending -= logged + dropped;
  }

  private wrote(state: StoreState): void {
    if (state.isUp !== this.state.isUp) this.options.tell(state);
    this.state = state;
    this.onWrite(state.seconds);
  }
}

function add(chunk: OpenChunk, answered: AnsweredRows, from: number, until: number): void {
  const { ids, classIndices, probabilities, values } = answered;
  const at = chunk.rows;
  chunk.ids.set(ids.subarray(from * 16, until * 16), at * 16);
  for (let row = from; row < until; row++) {
    chunk.classes[at + row - from] = classIndices[row];
    chunk.scores[at + row - from] = probabilities[row];
    if (values) chunk.values![at + row - from] = values[row];
  }
  chunk.rows += until - from;
}

const storeOptions = ({ store, schema, maxBytes }: StoreOptions): StoreOptions => ({ store, schema, maxBytes });
