import { Worker } from 'node:worker_threads';
import type { StoreOptions } from '../store/open-store.js';
import type { TakenLabels } from '../feedback/take-labels.js';
import type { KeepRules } from './row-texts.js';
import type { WatchNote } from '../watch/watch-note.js';
import type { WatchedVersion } from '../watch/watched-version.js';
import { buffersOf } from './open-chunk.js';
import type { LogChunk, LogListener, LogOutcome, LogTarget, StoreState } from './log-chunk.js';

/** What the thread says. */
export type LogMessage =
  | { readonly outcome: LogOutcome; readonly buffers: readonly ArrayBuffer[] }
  | { readonly state: StoreState }
  | LogAnswer;

/** What it answers to a question, or why it cannot. */
interface LogAnswer {
  readonly question: number;
  readonly answer?: unknown;
  readonly problem?: string;
}

/** What is asked of the thread: a method of its writer, and what that takes. */
export interface LogQuestion {
  readonly question: number;
  readonly method: 'takeLabels' | 'readWatches';
  readonly argument: unknown;
}

/**
 * Records come in buffers and leave as bytes: few objects are made, so that a small young generation is enough. Below 2 GB of
 * heap, V8 makes no copy of its built-in code for a thread.
 */
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 1_024 };

/** Hands chunks to a thread of its own, which writes them. Where that ends, what it had is dropped. */
export class LogWorker implements LogTarget {
  private readonly worker: Worker;
  private readonly exited: Promise<void>;
  /** Rows that the thread has, by model. */
  private readonly under = new Map<string, number>();
  private readonly asked = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  private questions = 0;
  private problem = 'the thread that writes the log has ended';
  private isClosing = false;
  private isOver = false;

  constructor(
    script: string,
    options: StoreOptions,
    private readonly listener: LogListener,
  ) {
    this.worker = new Worker(script, { workerData: options, name: 'monitor-log', resourceLimits: LIMITS });
    this.worker.unref();
    this.worker.on('message', (message: LogMessage) => {
      if ('state' in message) return listener.wrote(message.state);
      if ('question' in message) return this.answered(message);
      for (const buffer of message.buffers) listener.freed(buffer);
      const { model, logged, sampledOut = 0, dropped } = message.outcome;
      this.under.set(model, this.under.get(model)! - logged - sampledOut - dropped);
      listener.ended(message.outcome);
    });
    this.worker.on('error', ({ message }) => (this.problem = message));
    this.exited = new Promise((resolve) =>
      this.worker.once('exit', () => {
        this.isOver = true;
        if (!this.isClosing) listener.wrote({ isUp: false, seconds: 0, problem: this.problem });
        for (const [model, dropped] of this.under) listener.ended({ model, logged: 0, dropped });
        this.under.clear();
        for (const question of this.asked.keys()) this.answered({ question, problem: this.problem });
        resolve();
      }),
    );
  }

  know(watched: WatchedVersion, keep: KeepRules): void {
    if (!this.isOver) this.worker.postMessage({ watched, keep });
  }

  write(chunk: LogChunk): void {
    const { model, rows } = chunk;
    if (this.isOver) return this.listener.ended({ model, logged: 0, dropped: rows });
    this.under.set(model, (this.under.get(model) ?? 0) + rows);
    this.worker.postMessage({ chunk }, buffersOf(chunk));
  }

  takeLabels(labels: readonly unknown[]): Promise<TakenLabels> {
    return this.ask<TakenLabels>('takeLabels', labels);
  }

  readWatches(models: readonly string[]): Promise<Readonly<Record<string, WatchNote>>> {
    return this.ask<Readonly<Record<string, WatchNote>>>('readWatches', models);
  }

  async close(milliseconds: number): Promise<void> {
    this.isClosing = true;
    this.worker.ref();
    this.worker.postMessage({ end: milliseconds });
    // It ends by itself; a store that hangs in the system may keep it.
    const late = setTimeout(() => void this.worker.terminate(), milliseconds + 1_000);
    await this.exited;
    clearTimeout(late);
  }

  private ask<T>(method: LogQuestion['method'], argument: unknown): Promise<T> {
    if (this.isOver) return Promise.reject(new Error(this.problem));
    const question = ++this.questions;
    return new Promise<T>((resolve, reject) => {
      this.asked.set(question, { resolve, reject });
      this.worker.postMessage({ question, method, argument } satisfies LogQuestion);
    });
  }

  private answered({ question, answer, problem }: LogAnswer): void {
    const asked = this.asked.get(question);
    this.asked.delete(question);
    if (problem === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(problem));
  }
}
