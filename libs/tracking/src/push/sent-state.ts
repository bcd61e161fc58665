import type { ServerRun } from '../mlflow/runs.js';
import { Journal, readJournal } from '../store/journal.js';

/** A record that the server will never take, and why. */
export interface Refusal {
  /** Its place in the run's journal, from 0. */
  readonly record: number;
  readonly reason: string;
}

type SentEntry =
  | { readonly sending: number }
  | { readonly acknowledged: number; readonly run?: ServerRun; readonly refusal?: Refusal };

/** How many records of a run a server has, as that file says; whoever pushes may be writing it. */
export const acknowledgedIn = (path: string): number =>
  readJournal<SentEntry>(path).reduce((most, entry) => ('acknowledged' in entry ? entry.acknowledged : most), 0);

/**
 * How far a server has a run's journal.
 *
 * Before records are sent, how far they reach is written down; after the answer, that they are there. What lies
 * between the two after a crash is in doubt: it may be on the server or not, and is looked up there before it is sent.
 */
export class SentState {
  /** Records before this one are done. */
  acknowledged = 0;
  /** The server's name for the run, once it is created. */
  run?: ServerRun;
  readonly refusals: Refusal[] = [];
  /** Records from `acknowledged` up to this one may be on the server. */
  private inDoubtUntil = 0;
  private readonly journal: Journal<SentEntry>;

  private constructor(path: string) {
    this.journal = Journal.open<SentEntry>(path);
    for (const entry of this.journal.entries) this.apply(entry);
  }

  /** Only for the holder of the push lock. */
  static open(path: string): SentState {
    return new SentState(path);
  }

  /** Announces that records up to `to` are being sent; tells whether some of them may be there already. */
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
