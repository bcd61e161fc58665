import { CHUNK_ROWS, type FeatureFault } from '#features';
import { FeatureOverflowError } from '#bundle';
import type { Scores } from './engine.js';
import { idText, mintIds } from './prediction-ids.js';
import type { Scorer } from './scorer.js';

interface Waiter<T> {
  readonly row: readonly number[];
  readonly resolve: (answer: T) => void;
  readonly reject: (error: unknown) => void;
  readonly mark: unknown;
  readonly externalId?: string;
}

const isNamed = ({ externalId }: { readonly externalId?: string }): boolean => externalId !== undefined;

/** Single rows that were predicted together. */
export interface AnsweredTurn<T> {
  readonly answers: readonly T[];
  readonly ids: Buffer;
  readonly rows: readonly (readonly number[])[];
  readonly externalIds?: readonly (string | undefined)[];
}

/**
 * Runs all single rows that arrive in one turn of the event loop as one inference. The failure of a row does not affect
 * the others.
 */
export class TurnBatcher<T> {
  private waiting: Waiter<T>[] = [];
  private readonly raw: Float64Array[];

  /**
   * @param read creates a row's answer from the scores that start at `offset` and its id
   * @param settled called with the number of rows that have been answered or rejected
   * @param mark called for every row, for the observer
   * @param answered called with the rows after they were answered
   */
  constructor(
    private readonly scorer: Scorer,
    columns: number,
    private readonly read: (scores: Scores, offset: number, id: string) => T,
    private readonly settled: (rows: number) => void,
    private readonly mark?: () => unknown,
    private readonly answered?: (turn: AnsweredTurn<T>) => void,
  ) {
    this.raw = Array.from({ length: columns }, () => new Float64Array(CHUNK_ROWS));
  }

  /**
   * @param row raw values in schema order, NaN for null
   * @param externalId the client's own id of the row
   * @throws FeatureOverflowError when a feature of this row is not a finite float32
   */
  predict(row: readonly number[], externalId?: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiter = { row, resolve, reject, mark: this.mark?.(), externalId };
      if (this.waiting.push(waiter) === 1) setImmediate(this.flush);
    });
  }

  private readonly flush = (): void => {
    const arrived = this.waiting;
    this.waiting = [];
    if (arrived.length <= CHUNK_ROWS) return void this.run(arrived);
    for (let start = 0; start < arrived.length; start += CHUNK_ROWS) {
      void this.run(arrived.slice(start, start + CHUNK_ROWS));
    }
  };

  private async run(waiters: readonly Waiter<T>[]): Promise<void> {
    for (let c = 0; c < this.raw.length; c++) {
      const column = this.raw[c];
      for (let i = 0; i < waiters.length; i++) column[i] = waiters[i].row[c];
    }
    const faults: FeatureFault[] = [];
    const marks = this.mark && waiters.map(({ mark }) => mark);
    try {
      const scores = await this.scorer.score(this.raw, 0, waiters.length, faults, marks);
      if (!scores) return this.refuse(waiters, faults);
      const width = this.scorer.outputs;
      const ids = mintIds(waiters.length);
      const answers = waiters.map((_, i) => this.read(scores, i * width, idText(ids, i)));
      for (let i = 0; i < waiters.length; i++) waiters[i].resolve(answers[i]);
      this.settled(waiters.length);
      this.answered?.({
        answers,
        ids,
        rows: waiters.map(({ row }) => row),
        ...(waiters.some(isNamed) && { externalIds: waiters.map(({ externalId }) => externalId) }),
      });
    } catch (error) {
      if (waiters.length > 1) {
        for (const waiter of waiters) void this.run([waiter]);
        return;
      }
      waiters[0].reject(error);
      this.settled(1);
    }
  }

  /** Rejects each faulty row with its own faults, and runs the others without them. */
  private refuse(waiters: readonly Waiter<T>[], faults: readonly FeatureFault[]): void {
    const faulty = new Map<number, FeatureFault[]>();
    for (const fault of faults) faulty.set(fault.row, [...(faulty.get(fault.row) ?? []), { ...fault, row: 0 }]);
    for (const [row, own] of faulty) waiters[row].reject(new FeatureOverflowError(own));
    this.settled(faulty.size);
    const valid = waiters.filter((_, row) => !faulty.has(row));
    if (valid.length > 0) void this.run(valid);
  }
}
