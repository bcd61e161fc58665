import type { ServerRun } from '../mlflow/runs.js';
import { Journal, readJournal } from '../store/journal.js';

/** A record that the server will never accept, and why. */
export interface Refusal {
  /** Index in the run's journal. */
  readonly record: number;
  readonly reason: string;
}

type SentEntry =
  | { readonly sending: number }
  | { readonly acknowledged: number; readonly run?: ServerRun; readonly refusal?: Refusal };

/** How many records of a run a server has, by that file; another process may be writing it. */
export const acknowledgedIn = (path: string): number =>
  readJournal<SentEntry>(path).reduce((most, entry) => ('acknowledged' in entry ? entry.acknowledged : most), 0);

/**
 * How much of a run's journal a server has: a write-ahead log.
 *
 * Before records are sent, their end is written; after the response, that they are acknowledged. After a crash, records
 * between the two are in doubt: they are looked up on the server before they are sent again.
 */
export class SentState {
  /** The number of acknowledged records. */
  acknowledged = 0;
  /** The server's run, once it is created. */
  run?: ServerRun;
  readonly refusals: Refusal[] = [];
  /** Records from `acknowledged` up to this index may be on the server. */
  private inDoubtUntil = 0;
  private readonly journal: Journal<SentEntry>;

  private constructor(path: string) {
    this.journal = Journal.open<SentEntry>(path);
    for (const entry of this.journal.entries) this.apply(entry);
  }

  /** Call only while holding the push lock. */
  static open(path: string): SentState {
    return new SentState(path);
  }

  /** Logs that records up to `to` are being sent; returns whether some of them may be there already. */
  begin(to: number): boolean {
    const isInDoubt = this.acknowledged < this.inDoubtUntil;
    if (to > this.inDoubtUntil) this.write({ sending: to });
    return isInDoubt;
  }

  acknowledge(to: number, run?: ServerRun): void {
    this.write({ acknowledged: to, ...(run && { run }) });
  }

  refuse(refusal: Refusal): void {
    this.write({ acknowledged: refusal.record + 1, refusal });
  }

  close(): void {
    this.journal.close();
  }

  private write(entry: SentEntry): void {
    this.journal.append(entry);
    this.apply(entry);
  }

  private apply(entry: SentEntry): void {
    if ('sending' in entry) {
      this.inDoubtUntil = entry.sending;
      return;
    }
    this.acknowledged = entry.acknowledged;
    this.run ??= entry.run;
    if (entry.refusal) this.refusals.push(entry.refusal);
  }
}
